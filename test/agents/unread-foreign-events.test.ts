/** Verdicts in a hookSpecificOutput that is for no event or for another one. */
import { describe, expect, it } from 'vitest';
import { closed, ran } from './runs.ts';

const open = { failMode: 'allow', failModeIsDefault: undefined } as const;

describe('hookSpecificOutput for no event or another one', () => {
  const names = [{}, { hookEventName: 'Stop' }, { hookEventName: 7 }];

  it.each([
    { permissionDecision: 'denied' },
    { permissionDecision: 'Deny' },
    { permissionDecision: 'ask' },
    { permissionDecision: null },
    { permission_decision: 'defer' },
    { decision: { behavior: 'Deny' } },
  ])('leaves %j to failMode block', (verdict) => {
    for (const name of names) {
      const output = { hookSpecificOutput: { ...name, ...verdict } };
      for (const printed of [
        output,
        { ...output, systemMessage: 'm' },
        { ...output, decision: 'approve' },
      ]) {
        const result = ran('claude-code PreToolUse', 0, printed, '', closed);
        expect(result).toMatchObject({
          decision: 'block',
          cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_UNKNOWN' },
        });
      }
      expect(ran('claude-code PreToolUse', 0, output, '', open).decision).toBe('none');
    }
  });

  it.each([
    { permissionDecision: 'allow' },
    { decision: { behavior: 'allow' } },
    { additionalContext: 'c' },
  ])('loses %j, which permits', (verdict) => {
    for (const name of names) {
      const output = { hookSpecificOutput: { ...name, ...verdict } };
      expect(ran('claude-code PreToolUse', 0, output, '', closed).decision).toBe('none');
    }
  });

  it('rejects with a deny', () => {
    const hookSpecificOutput = {
      permissionDecision: 'deny',
      permissionDecisionReason: 'policy',
      decision: { behavior: 'ask' },
    };
    expect(ran('claude-code PreToolUse', 0, { hookSpecificOutput }, '', closed)).toMatchObject({
      decision: 'block',
      reason: 'policy',
      cause: { kind: 'output' },
    });
  });
});
