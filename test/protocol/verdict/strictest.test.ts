import { expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import { cursor } from '../../../src/agents/cursor/dialect.ts';
import { strictestObject } from '../../../src/protocol/verdict/strictest.ts';

const many = Array.from({ length: 10_000 }, (_, index) => `"k${index}":0`).join();

test.each([
  ['{"decision":"allow","decision":"block","decision":"ask"}', { decision: 'block' }],
  ['{"reason":"a","reason":"b"}', { reason: 'a' }],
  ['{"continue":true,"continue":false}', { continue: false }],
  ['{"updatedInput":{"a":1},"updatedInput":{"a":1}}', { updatedInput: null }],
  ['{"updatedInput":{"a":1},"x":2}', { updatedInput: { a: 1 }, x: null }],
  [
    '{"hookSpecificOutput":{"decision":{"behavior":"allow"},"decision":{"behavior":"deny"}}}',
    { hookSpecificOutput: { decision: { behavior: 'deny' } } },
  ],
  ['{"hookSpecificOutput":7,"hookSpecificOutput":{"x":1}}', { hookSpecificOutput: { x: null } }],
  ['{"hookSpecificOutput":7,"hookSpecificOutput":8}', { hookSpecificOutput: 7 }],
  [
    '{"hookSpecificOutput":{"hookEventName":"Stop"},"hookSpecificOutput":{"hookEventName":"pre_tool_use"}}',
    { hookSpecificOutput: { hookEventName: 'pre_tool_use' } },
  ],
  [
    '{"hookSpecificOutput.permissionDecision":"deny"}',
    { 'hookSpecificOutput.permissionDecision': null },
  ],
  ['{"terminalSequence":"x","terminalSequence":"y"}', { terminalSequence: 'x' }],
  ['{"decision":blok,"decision":"ask"', { decision: 'ask' }],
  ['[]', {}],
])('of %s', (text, expected) => {
  expect(strictestObject(claudeCode, text, 'PreToolUse')).toEqual(expected);
});

test('has the keys of the dialect', () => {
  expect(
    strictestObject(cursor, '{"followup_message":"a","followup_message":"b"}', undefined),
  ).toEqual({
    followup_message: 'a',
  });
  expect(
    strictestObject(
      cursor,
      '{"hookSpecificOutput":{"hookEventName":"a","hookEventName":"b"}}',
      undefined,
    ),
  ).toEqual({
    hookSpecificOutput: { hookEventName: 'a' },
  });
});

test('of thousands of keys a hundred unknown ones are named, and the first ten thousand are read', () => {
  expect(
    strictestObject(claudeCode, `{${many.slice(0, -10)},"decision":"block"}`, 'Stop'),
  ).toHaveProperty('decision', 'block');
  const read = strictestObject(claudeCode, `{${many},"decision":"block"}`, 'Stop');
  expect(Object.keys(read)).toHaveLength(100);
});

test('__proto__ is a key like any other', () => {
  const read = strictestObject(
    claudeCode,
    '{"__proto__":{"decision":"allow"},"__proto__":1,"decision":"block"}',
    'Stop',
  );
  expect(Object.entries(read)).toEqual([
    ['decision', 'block'],
    ['__proto__', null],
  ]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});
