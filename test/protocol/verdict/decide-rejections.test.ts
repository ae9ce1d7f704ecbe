/**
 * Rejections that are not said in the word for it: an end of the turn, a question for nobody, a
 * broken text beside a block.
 */
import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import type { HookResult } from '../../../src/protocol/decision.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { codesOf, exited, sampleHook } from '../samples.ts';

/** What the output means at an event; the failMode makes no difference. */
function printed(output: unknown, event: string): HookResult {
  const [open, closed] = (['allow', 'block'] as const).map((failMode) =>
    decide(azure, sampleHook({ event, failMode }), exited(0, JSON.stringify(output))),
  );
  if (open === undefined) throw new Error('no result');
  expect(closed).toEqual(open);
  return open;
}

const defaultReason = 'Blocked by hook guard.';

it.each([
  [{ continue: false }, defaultReason],
  [{ continue_: false }, defaultReason],
  [{ continue: false, stopReason: 's' }, 's'],
  [{ continue_: false, stop_reason: 's' }, 's'],
  [{ continue: false, stopReason: 's', reason: 'r' }, 'r'],
  [{ continue: false, stopReason: ' ' }, defaultReason],
  [{ continue: false, decision: 'allow' }, defaultReason],
  [{ continue: false, decision: 'blok' }, defaultReason],
  [{ continue: true, continue_: false }, defaultReason],
  [{ continue: false, ok: false, stopReason: 's' }, 's'],
  [{ continue: false, hookSpecificOutput: { permissionDecision: 'ask' } }, defaultReason],
  [{ continue: false, hookSpecificOutput: { permissionDecision: 'allow' } }, defaultReason],
])('%j ends the turn, so the tool is blocked for %j', (output, reason) => {
  for (const event of ['PreToolUse', 'PostToolUse']) {
    const result = printed(output, event);
    expect(result).toMatchObject({
      decision: 'block',
      reason,
      cause: { kind: 'output' },
      continue: false,
    });
    expect(result).not.toHaveProperty('overridesPolicy');
  }
});

it.each([
  [{ continue: false }, 'none'],
  [{ continue_: false, stopReason: 's' }, 'none'],
  [{ continue: false, decision: 'allow' }, 'allow'],
])('%j at Stop is consent: %s', (output, decision) => {
  const result = printed(output, 'Stop');
  expect(result).toMatchObject({ decision, continue: false });
  expect(result).not.toHaveProperty('reason');
});

it('at Stop a rejection stands beside continue false, and needs its own reason', () => {
  expect(printed({ continue: false, ok: false, reason: 'r' }, 'Stop')).toMatchObject({
    decision: 'block',
    reason: 'r',
  });
  const blank = printed({ continue: false, ok: false, stopReason: 's' }, 'Stop');
  expect(blank.decision).toBe('allow');
  expect(codesOf(blank.diagnostics)).toContain('rejected-without-reason');
});

it('Start cannot be kept from going on', () => {
  const result = printed({ continue: false, stopReason: 's' }, 'Start');
  expect(result).toMatchObject({ decision: 'none', continue: false });
  expect(codesOf(result.diagnostics)).toContain('cannot-block');
});

it('to go on is nothing special', () => {
  for (const event of ['PreToolUse', 'Stop'])
    expect(printed({ continue: true }, event)).toMatchObject({ decision: 'none' });
});

it.each(['PostToolUse', 'Stop'])(
  'a question at %s that nobody can answer blocks, with or without a reason',
  (event) => {
    for (const output of [
      { decision: 'ask' },
      { decision: 'ask', reason: ' ' },
      { permissionDecision: 'ask', stopReason: 's' },
    ]) {
      const result = printed(output, event);
      expect(result).toMatchObject({ decision: 'block', reason: defaultReason });
      expect(codesOf(result.diagnostics)).toContain('cannot-ask');
    }
    expect(printed({ decision: 'ask', reason: 'sure?' }, event)).toMatchObject({
      decision: 'block',
      reason: 'sure?',
    });
  },
);

it('a wrong value beside a rejection does not undo it', () => {
  const result = printed({ ok: 'no', decision: 'block', reason: 'r' }, 'PreToolUse');
  expect(result).toMatchObject({ decision: 'block', reason: 'r', cause: { kind: 'output' } });
  expect(codesOf(result.diagnostics)).toContain('wrong-type');
});
