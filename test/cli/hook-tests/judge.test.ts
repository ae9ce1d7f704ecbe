import { expect, it } from 'vitest';
import { causeWord, judge } from '../../../src/cli/hook-tests/judge.ts';
import type { Decision } from '../../../src/protocol/decision.ts';

const decision: Decision = {
  v: 1,
  event: 'PreToolUse',
  dialect: 'azure',
  decision: 'block',
  reason: 'no rm -rf',
  systemMessage: 'told you',
  updatedInput: { command: 'ls', list: [1, { a: null }] },
  decidedBy: 'guard',
  cause: { kind: 'exit-code', exitCode: 2 },
  diagnostics: [
    { code: 'B', message: 'x' },
    { code: 'A', message: 'x' },
    { code: 'B', message: 'y' },
  ],
  results: [],
  skipped: [],
  durationMs: 40,
};

it.each([
  [{}, undefined],
  [{ decision: 'none' }, ['decision', 'none', 'block']],
  [{ reason: 'rm' }, undefined],
  [{ reason: '/^NO/i' }, undefined],
  [{ reason: 'mv' }, ['reason', 'mv', 'no rm -rf']],
  [{ reason: null }, ['reason', 'none', 'no rm -rf']],
  [{ additionalContext: null }, undefined],
  [{ additionalContext: 'x' }, ['additionalContext', 'x', 'none']],
  [{ systemMessage: 'told' }, undefined],
  [{ systemMessage: 'other' }, ['systemMessage', 'other', 'told you']],
  [{ updatedInput: { list: [1, { a: null }], command: 'ls' } }, undefined],
  [
    { updatedInput: { command: 'ls' } },
    ['updatedInput', '{"command":"ls"}', '{"command":"ls","list":[1,{"a":null}]}'],
  ],
  [{ updatedInput: null }, ['updatedInput', 'none', '{"command":"ls","list":[1,{"a":null}]}']],
  [{ decidedBy: 'guard' }, undefined],
  [{ decidedBy: 'other' }, ['decidedBy', 'other', 'guard']],
  [{ cause: 'exit-code' }, undefined],
  [{ cause: 'output' }, ['cause', 'output', 'exit-code']],
  [{ diagnostics: ['A', 'B'] }, undefined],
  [{ diagnostics: ['B', 'A', 'A'] }, undefined],
  [{ diagnostics: ['A'] }, ['diagnostics', '["A"]', '["A","B"]']],
  [{ diagnostics: [] }, ['diagnostics', '[]', '["A","B"]']],
  [{ maxMs: 30 }, undefined],
  [{ maxMs: 29.9 }, ['maxMs', 'at most 29.9 ms', '30.0 ms']],
] as const)('%j gives %j', (expectation, mismatch) => {
  const found = judge({ decision: 'block', ...(expectation as object) }, decision, 30);
  const [field, expected, actual] = mismatch ?? [];
  expect(found).toEqual(mismatch === undefined ? [] : [{ field, expected, actual }]);
});

it('nothing that was not said is none', () => {
  const silent: Decision = { ...decision, decision: 'none', diagnostics: [] };
  for (const key of ['reason', 'systemMessage', 'updatedInput', 'decidedBy', 'cause'] as const)
    Reflect.deleteProperty(silent, key);
  expect(
    judge(
      { decision: 'none', reason: null, systemMessage: null, updatedInput: null, diagnostics: [] },
      silent,
      1,
    ),
  ).toEqual([]);
  const wrong = judge(
    { decision: 'none', reason: 'x', updatedInput: {}, decidedBy: 'guard', cause: 'output' },
    silent,
    1,
  );
  expect(wrong.map(({ field, actual }) => [field, actual])).toEqual([
    ['reason', 'none'],
    ['updatedInput', 'none'],
    ['decidedBy', 'none'],
    ['cause', 'none'],
  ]);
});

it('the cause of a failMode is its code', () => {
  expect(causeWord({ kind: 'fail-mode', code: 'HOOK_TIMED_OUT', message: '' })).toBe(
    'HOOK_TIMED_OUT',
  );
  expect(causeWord(undefined)).toBeUndefined();
});
