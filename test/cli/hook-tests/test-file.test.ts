import { expect, it } from 'vitest';
import { parseTestFile, testFileJsonSchema } from '../../../src/cli/hook-tests/test-file.ts';

const good = `hooks: guard.yaml
description: all there is
cases:
  - name: one
    event: PreToolUse
    context: { tool_name: Bash, tool_input: { list: [1, null, true] } }
    transcript: text
    active: [extra]
    expect:
      decision: block
      reason: rm
      additionalContext: null
      systemMessage: /x/i
      updatedInput: { a: [1] }
      decidedBy: guard
      cause: HOOK_TIMED_OUT
      maxMs: 500
      diagnostics: []
  - name: two
    contextFile: events/x.json
    transcriptFile: t.txt
    expect: { decision: none }
`;

it('takes every key there is', () => {
  const { parsed, problems } = parseTestFile('x', good);
  expect(problems).toEqual([]);
  expect(parsed?.data.cases[0]).toMatchObject({
    name: 'one',
    expect: { additionalContext: null, updatedInput: { a: [1] } },
  });
  expect(parsed?.data.cases[1]).toMatchObject({
    contextFile: 'events/x.json',
    transcriptFile: 't.txt',
  });
});

const head = 'cases:\n  - name: one\n';
const rest = '    context: {}\n    expect: { decision: block }\n';

it.each([
  ['', '1:1', 'The file is empty'],
  ['a: [', '1:5', 'Flow sequence'],
  ['- 1', '1:1', 'A test file: '],
  ['cases: []', '1:8', 'has no case'],
  ['hooks: x', '1:1', 'cases: '],
  ['hooks: []\ncases:\n  - {name: a, context: {}, expect: {decision: none}}', '1:8', 'hooks: '],
  [
    `${head}${rest}extra: 1`,
    '5:1',
    'Unknown key "extra". Known: $schema, description, hooks, dialect, agent, cases.',
  ],
  [
    `${head}    contexts: {}\n    expect: { decision: none }`,
    '3:5',
    'Unknown key "contexts". Known: name, event, context,',
  ],
  [
    `${head}    context: {}\n    expect: { decision: none, reson: x }`,
    '4:31',
    'Unknown key "reson". Known: decision, reason,',
  ],
  [`${head}    context: {}\n    expect: { decision: deny }`, '4:25', 'decision: '],
  [`${head}    context: {}\n    expect: {}`, '4:13', 'decision: '],
  [`${head}    context: {}`, '2:5', 'expect: '],
  [`${head}    expect: { decision: none }`, '2:5', 'A case needs a context or a contextFile.'],
  [`${head}    contextFile: a\n${rest}`, '3:18', 'context and contextFile exclude each other'],
  [
    `${head}    transcript: a\n    transcriptFile: b\n${rest}`,
    '4:21',
    'transcript and transcriptFile exclude each other',
  ],
  [`${head}${rest}  - name: one\n${rest}`, '5:11', 'Two cases are called "one"'],
  [
    `${head}    context: {}\n    expect: { decision: none, reason: "" }`,
    '4:39',
    'an empty text is part of every text',
  ],
  [
    `${head}    context: {}\n    expect: { decision: none, reason: /(/ }`,
    '4:39',
    'is not a regular expression',
  ],
  [`${head}    context: {}\n    expect: { decision: none, cause: ENGINE_DOWN }`, '4:38', 'cause: '],
  [`${head}    context: {}\n    expect: { decision: none, maxMs: 0 }`, '4:38', 'maxMs: '],
  [`${head}    context: { a: .nan }\n    expect: { decision: none }`, '3:19', 'a: '],
  [`${head}${rest}---\n${head}${rest}`, '6:1', 'A test file is one document'],
])('%j is refused at %s', (text, place, message) => {
  const { parsed, problems } = parseTestFile('x', text);
  expect(parsed).toBeUndefined();
  const [first] = problems;
  expect(`${first?.line}:${first?.column}`).toBe(place);
  expect(first?.message).toContain(message);
});

it('every problem is told, not the first one only', () => {
  const { problems } = parseTestFile(
    'x',
    `${head}    context: {}\n    contxt: 1\n    expect: { decision: no, reson: x }`,
  );
  expect(problems).toHaveLength(3);
});

it('the published schema refuses what the parser refuses: unknown keys', () => {
  expect(testFileJsonSchema()).toMatchObject({ additionalProperties: false, required: ['cases'] });
});
