import { expect, it } from 'vitest';
import { parseTestFile } from '../../src/cli/hook-tests/test-file.ts';
import { documentLimits } from '../../src/protocol/limits.ts';
import { parseTokens } from '../../src/server/auth.ts';
import { nested, pieces } from '../support/hostile/shapes.ts';
import { yamlDepth, yamlIndented } from '../support/hostile/yaml.ts';
import { parse, refusal } from './samples.ts';

const tooDeep = 'The file is nested deeper than 64 levels: make it flatter.';
const messagesOf = (text: string) => refusal(text).problems.map(({ message }) => message);

/** Tags and anchors without a collection behind them are mistakes of another kind. */
const nesting = Object.entries(yamlDepth).filter(
  ([name]) => name !== 'tagged sequences' && name !== 'anchored sequences',
);

it.each(nesting)(
  '%s, 3,000 levels of them, are refused before anything recursive reads them',
  (_, make) => {
    expect(messagesOf(make(3_000))).toEqual([tooDeep]);
  },
);

it.each(Object.entries(yamlIndented))('%s are refused at their 65th level', (_, make) => {
  expect(messagesOf(make(200))).toEqual([tooDeep]);
});

it.each([
  ['anchors', (n: number) => pieces(n, (i) => `[ &a${i} `)],
  ['tags', (n: number) => nested(n, '- !!seq\n  - ')],
  ['values in keys', (n: number) => nested(n, '? {a: ', '}')],
  ['mixed kinds', (n: number) => nested(n, '- ? [{a: ', '}]')],
  ['comments between them', (n: number) => nested(n, '[ # c\n# d\n\n')],
])('nesting with %s is refused', (_, make) => {
  expect(messagesOf(make(200)).join()).toMatch(/deeper than 64 levels|Tags|Unresolved|seq/);
});

it('64 levels are read', () => {
  const value = `${'['.repeat(63)}${']'.repeat(63)}`;
  expect(messagesOf(`x: ${value}\nhooks: {}\n`)).toEqual([
    expect.stringContaining('Unknown key "x"'),
  ]);
  expect(messagesOf(`x: [${value}]\nhooks: {}\n`)).toEqual([tooDeep]);
});

it('what an alias stands for counts as deep as it is', () => {
  const levels = pieces(20, (i) => `a${i}: &a${i} [[[[${i === 0 ? '' : `*a${i - 1}`}]]]]\n`);
  expect(refusal(levels).problems).toMatchObject([{ line: 16, message: tooDeep }]);
});

it('what aliases stand for counts each time', () => {
  const bomb = `a0: &a0 [x, x]\n${pieces(20, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)}`;
  expect(refusal(bomb).problems).toMatchObject([
    { line: 15, message: 'The file has more than 100000 values: use fewer aliases.' },
  ]);
});

it.each([
  ['tokens', 'a: 1\n'.repeat(100_000), 'tokens', 100_000],
  ['lines of comments', '# c\n'.repeat(100_000), 'tokens', 100_000],
  ['documents', '---\na: 1\n'.repeat(101), 'documents', 100],
  ['ends of documents', '...\n'.repeat(101), 'documents', 100],
  ['directives', '%YAML 1.2\n'.repeat(101), 'directives', 100],
  ['anchors', pieces(1_001, (i) => `- &a${i} x\n`), 'anchors', 1_000],
  ['aliases', `- &a x\n${'- *a\n'.repeat(1_001)}`, 'aliases', 1_000],
  ['mistakes between its tokens', ']\n'.repeat(500), 'mistakes', 100],
])('a file with too many %s is refused', (_, text, what, most) => {
  expect(messagesOf(text)).toEqual([`The file has more than ${most} ${what}: split it.`]);
});

it('a file of more than 2 MiB is refused, whatever is in it', () => {
  const bytes = 2_097_164;
  const text = `description: ${'é'.repeat((bytes - 13) / 2)}`;
  expect(messagesOf(text)[0]).toMatch(/^The file has \d+ bytes; 2097152 are the most: split it\.$/);
  expect(messagesOf(`[hooks]\na = "${'x'.repeat(2 << 20)}"`)[0]).toContain('2097152 are the most');
});

it('mistakes are told up to 20, and how many more there are at the place of the next', () => {
  const text = `hooks:\n  Stop:\n${'    - {x: 1}\n'.repeat(30)}`;
  const { problems, message } = refusal(text);
  expect(problems).toHaveLength(21);
  const path = ['hooks', 'Stop', 10, 'x'];
  expect(problems[20]).toEqual({
    file: 'f.yaml',
    line: 13,
    column: 8,
    path,
    message: 'and 40 more.',
    more: 40,
  });
  expect(message.split('\n')).toHaveLength(21);
});

it('a million mistakes in one text are not looked for', () => {
  const { problems } = refusal(`a: "${'\\q'.repeat(1_000_000)}"`);
  expect(problems[0]?.message).toBe('Invalid escape sequence \\q.');
  expect(problems[20]?.message).toBe('and 81 more.');
});

it('mistakes deep in a document are told as at its top', () => {
  const { problems } = refusal(`a: ${nested(60, '[', ']', `"${'\\q'.repeat(1_000)}"`)}`);
  expect(problems[20]?.message).toBe('and 81 more.');
});

it('a message does not grow with the key or the text that it repeats', () => {
  const long = 'k'.repeat(1_000);
  expect(messagesOf(`${long}: 1\nhooks: {}\n`)[0]).toBe(
    `Unknown key "${'k'.repeat(100)}…". Known: $schema, dialect, description, files, hooks.`,
  );
  const [message = ''] = messagesOf(
    `hooks: {Stop: [{matcher: "${'('.repeat(100_000)}", command: x}]}`,
  );
  expect(message.length).toBeLessThan(1_100);
});

const hook = '{command: exit 0}';
const hooksIn = (events: Readonly<Record<string, number>>) =>
  `dialect: claude-code\nhooks:\n${Object.entries(events)
    .map(([event, count]) => `  ${event}:\n${`    - ${hook}\n`.repeat(count)}`)
    .join('')}`;

it('256 hooks of one event are taken, one more is refused at its place', () => {
  expect(parse(hooksIn({ Stop: 256 })).hooks).toHaveLength(256);
  expect(refusal(hooksIn({ Stop: 257 })).problems).toMatchObject([
    {
      line: 260,
      message: 'The file has more than 256 Stop hooks: write several checks into one script.',
    },
  ]);
});

const full = { Stop: 250, PreToolUse: 250, PostToolUse: 250, SessionStart: 250 };

it('1,000 hooks are taken, more are refused before one of them is read', () => {
  expect(parse(hooksIn(full)).hooks).toHaveLength(1_000);
  expect(messagesOf(hooksIn({ ...full, Notification: 1 }))).toEqual([
    'The file has more than 1000 hooks: split it.',
  ]);
  expect(messagesOf(`hooks: {Stop: [${'{x: 1}, '.repeat(8_000)}]}`)).toEqual([
    'The file has more than 1000 hooks: split it.',
  ]);
});

it.each([
  ['of groups', `{"hooks": {"Stop": [${'{"hooks": []},'.repeat(1_001)}{"hooks": []}]}}`, 'hooks'],
  [
    'of one group',
    `{"hooks": {"Stop": [{"hooks": [${'{"command":"x"},'.repeat(1_001)}{}]}]}}`,
    'hooks',
  ],
  ['of events', `hooks:\n${pieces(1_001, (i) => `  E${i}: []\n`)}`, 'events'],
  [
    'of events of an agent',
    `{"hooks": {${pieces(1_001, (i) => `"E${i}": [{"hooks": []}]`, ',')}}}`,
    'events',
  ],
])('too many %s are counted before they are read', (_, text, what) => {
  expect(messagesOf(text)).toEqual([`The file has more than 1000 ${what}: split it.`]);
});

it('the hooks of all documents of a file count together', () => {
  const document = `spec:\n  hooks:\n${['Stop', 'Start']
    .map((event) => `    ${event}:\n${'      - {type: command, script: exit 0}\n'.repeat(200)}`)
    .join('')}`;
  const text = Array.from({ length: 4 }, () => `---\nkind: ExtendedAgent\n${document}`).join('');
  expect(messagesOf(text)[0]).toBe('The file has more than 1000 hooks: split it.');
});

it('a document may stand in a document as a text, but not in too many', () => {
  const enclosed = (text: string) => JSON.stringify({ document: text, files: {} });
  let text = 'hooks: {}';
  for (let level = 0; level < 4; level++) text = enclosed(text);
  expect(parse(text).hooks).toEqual([]);
  expect(messagesOf(enclosed(text))).toEqual([
    'A document stands in more than 4 others: send the innermost.',
  ]);
});

it('lists of tokens and hook tests have the same limits', () => {
  expect(() => parseTokens('tokens', '['.repeat(3_000))).toThrow(tooDeep);
  expect(() => parseTokens('tokens', `- {x: 1}\n`.repeat(100))).toThrow(/; and \d+ more\.$/);
  expect(parseTestFile('t', '- '.repeat(3_000)).problems).toMatchObject([{ message: tooDeep }]);
  const wrong = `cases:\n${'  - {name: a, x: 1, expect: {decision: none}}\n'.repeat(30)}`;
  expect(parseTestFile('t', wrong).problems.at(-1)).toMatchObject({ more: 10 });
});

it('a comment that holds a quote does not hide the brackets behind it', () => {
  expect(messagesOf(`{/* " */ "hooks": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toEqual([
    tooDeep,
  ]);
});

it('TOML has the same limits, and fewer tokens', () => {
  expect(messagesOf(`[hooks]\n${pieces(20_000, (i) => `k${i} = 1\n`)}`)).toEqual([
    'The file has more than 50000 tokens: split it.',
  ]);
  const long = documentLimits.tomlText;
  for (const text of [`"${'x'.repeat(long)}"`, `'''${'x'.repeat(long)}'''`, '1'.repeat(long + 1)]) {
    expect(messagesOf(`[hooks]\na = ${text}`)).toEqual([
      `The file has more than ${long} characters in one text: put a long script into a file of its own.`,
    ]);
  }
  expect(messagesOf(`[hooks]\na = 1 # ${'x'.repeat(long)}\n`)).not.toContain('characters');
  expect(
    messagesOf('a = 1\n[t]\na = "\\"" # "\nb = """\\""""\nc = \'\'\'\'x\'\'\'\n]\n'),
  ).toHaveLength(1);
});
