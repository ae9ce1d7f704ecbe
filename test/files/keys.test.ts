import { expect, it } from 'vitest';
import { type FoldedKeys, foldKeys } from '../../src/files/keys.ts';
import { SourceDocument } from '../../src/files/source-document.ts';
import type { JsonObject } from '../../src/protocol/json.ts';

function fold(text: string): FoldedKeys {
  const { documents, problems } = SourceDocument.parse('f.yaml', text);
  if (documents[0] === undefined) throw new Error(JSON.stringify(problems));
  return foldKeys(documents[0], [], documents[0].value as JsonObject);
}

it('keys come under our names, and it is remembered how they were written', () => {
  const { entry, written, problems } = fold(
    'fail_mode: Block\nhookType: Command\ndescription: Keep_Me\ntimeout_seconds: 5\n',
  );
  expect({ ...entry }).toEqual({
    failMode: 'block',
    type: 'command',
    description: 'Keep_Me',
    timeout: 5,
  });
  expect(['failMode', 'type', 'description', 'timeout', 'matcher'].map(written)).toEqual([
    'fail_mode',
    'hookType',
    'description',
    'timeout_seconds',
    'matcher',
  ]);
  expect(problems).toEqual([]);
});

it.each([
  ['type: Prompt', { type: 'prompt' }],
  ['fail_mode: BLOCK', { failMode: 'block' }],
  ['activationMode: onDemand', { activation: 'on-demand' }],
  ['activation: On-Demand', { activation: 'on-demand' }],
  ['activation_mode: on_demand', { activation: 'on-demand' }],
  ['tier: System', { tier: 'system' }],
  ['name: No-Rm_1', { name: 'No-Rm_1' }],
  ['type: 5', { type: 5 }],
  ['matcher: {toolPattern: Bash}', { matcher: 'Bash' }],
  ['matcher: {toolPattern: Bash, other: 1}', { matcher: { toolPattern: 'Bash', other: 1 } }],
  ['matcher: [Bash]', { matcher: ['Bash'] }],
])('%s is read as %j', (text, expected) => {
  expect({ ...fold(text).entry }).toEqual(expected);
});

it.each([
  ['hookType: Command', 'script'],
  ['hookType: Prompt', 'prompt'],
  ['hook_type: PROMPT', 'prompt'],
  ['name: a', 'script'],
  ['hookType: [prompt, x]', 'script'],
])('beside "%s" a body is the %s', (line, name) => {
  for (const key of ['hookBody', 'hook_body']) {
    const { entry, written } = fold(`${line}\n${key}: x\n`);
    expect(entry[name]).toBe('x');
    expect(written(name)).toBe(key);
  }
});

it.each([
  ['failMode: allow\nfail_mode: block\n', 'fail_mode', 'failMode'],
  ['fail_mode: block\nfailMode: allow\n', 'failMode', 'fail_mode'],
  ['timeout: 5\ntimeoutSeconds: 6\n', 'timeoutSeconds', 'timeout'],
  ['timeout_seconds: 5\ntimeout: 6\n', 'timeout', 'timeout_seconds'],
  ['type: command\nhookType: prompt\n', 'hookType', 'type'],
  ['script: x\nhookBody: y\n', 'hookBody', 'script'],
  ['activation: always\nactivationMode: onDemand\n', 'activationMode', 'activation'],
])('%j says one thing twice: a problem at the second key', (text, second, first) => {
  const { problems } = fold(text);
  expect(problems).toMatchObject([{ file: 'f.yaml', line: 2, column: 1 }]);
  expect(problems[0]?.message).toContain(`"${second}" and "${first}"`);
});

it('every further spelling is a problem of its own', () => {
  expect(
    fold('timeout: 1\ntimeoutSeconds: 1\ntimeout_seconds: 1\n').problems.map(({ line }) => line),
  ).toEqual([2, 3]);
});

it('a problem inside a list has its place there', () => {
  const [source] = SourceDocument.parse(
    'f.yaml',
    'hooks:\n  - failMode: allow\n    fail_mode: block\n',
  ).documents;
  if (source === undefined) throw new Error('not read');
  expect(
    foldKeys(source, ['hooks', 0], { failMode: 'allow', fail_mode: 'block' }).problems,
  ).toMatchObject([{ line: 3, column: 5 }]);
});

it('names that every object has are keys like any other', () => {
  const { entry, written, problems } = fold(
    'constructor: 1\ntoString: 2\n__proto__: {failMode: block}\n',
  );
  expect(Object.keys(entry).map(written)).toEqual(['constructor', 'toString', '__proto__']);
  expect(entry['failMode']).toBeUndefined();
  expect(problems).toEqual([]);
  expect(fold('name: a\n').entry['constructor']).toBeUndefined();
  expect(fold('name: a\n').written('constructor')).toBe('constructor');
});
