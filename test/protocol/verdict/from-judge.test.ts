import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import type { Dialect } from '../../../src/protocol/dialect.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { bytes, sampleHook } from '../samples.ts';

const judged = (text: string, event: string, dialect: Dialect = claudeCode, over: object = {}) => {
  const reply = bytes(text);
  const judge = { mayOverride: false, mayStop: true, isFenced: false, ...over };
  return decide(dialect, sampleHook({ event, failMode: 'block' }), {
    ...{ reply, totalBytes: reply.length, judge },
  });
};

it('an answer that is no verdict is an error of the judge, with its text among the facts', () => {
  expect(judged('yes', 'Stop')).toMatchObject({
    decision: 'block',
    cause: { kind: 'fail-mode', code: 'JUDGE_ANSWER_MALFORMED' },
    facts: { status: 'replied', replyHead: 'yes' },
  });
});

it.each([
  ['PermissionRequest', '{"ok":false}', 'judge-ignored', /said no: without a reason$/],
  ['Stop', '{"ok":false,"impossible":true,"reason":"r"}', 'judge-impossible', /done: r$/],
  [
    'Stop',
    '{"hookSpecificOutput":{"permissionDecision":"allow"}}',
    'judge-override',
    /mayOverride/,
  ],
])('at %s %s is no more than a note', (event, text, code, message) => {
  expect(judged(text, event)).toMatchObject({
    ...{ decision: 'none', cause: { kind: 'output' } },
    diagnostics: [{ code, message: expect.stringMatching(message) }],
  });
});

it('an approval counts where the hook says so', () => {
  const text = '{"hookSpecificOutput":{"permissionDecision":"allow"}}';
  expect(judged(text, 'PreToolUse', azure, { mayOverride: true })).toMatchObject({
    ...{ decision: 'allow', overridesPolicy: true },
  });
});
