/** Rejections in control lines and in lines of progress. */
import { describe, expect, it } from 'vitest';
import { codesOf } from '../protocol/samples.ts';
import { closed, ran } from './runs.ts';

const denials = [
  '{"decision":"block","reason":"policy"}',
  '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"policy"}}',
  '{"hook_specific_output":{"permission_decision":"deny","permission_decision_reason":"policy"}}',
  '{"ok":false,"reason":"policy"}',
  '{"cancel":true,"errorMessage":"policy"}',
  '{"permission":"deny","user_message":"policy","reason":"policy"}',
  '{\n  "decision": "deny",\n  "reason": "policy"\n}',
];

describe('control lines of cline', () => {
  const line = (text: string) => `HOOK_CONTROL\t${text}\n`;

  it('an earlier one that rejects is not taken back', () => {
    const result = ran(
      'cline PreToolUse',
      0,
      `${line('{"cancel":true,"errorMessage":"no"}')}quoted:\n${line('{"cancel":false}')}`,
    );
    expect(result).toMatchObject({ decision: 'block', reason: 'no' });
    expect(codesOf(result.diagnostics)).toContain('contradiction');
  });

  it('count past whatever else was printed, but for a hook that must not fail open', () => {
    const text = `${denials[0]}\n${line('{"cancel":false}')}`;
    expect(ran('cline PreToolUse', 0, text).decision).toBe('none');
    expect(ran('cline PreToolUse', 0, text, '', closed)).toMatchObject({
      decision: 'block',
      reason: 'policy',
    });
  });

  it('an earlier one that rejects is not taken back by one that says nothing either', () => {
    for (const last of ['{"zzz":1}', '{', ' ', '7']) {
      expect(ran('cline PreToolUse', 0, line('{"cancel":true}') + line(last)).decision).toBe(
        'block',
      );
    }
  });

  it('are the verdict of a hook that must not fail open, where nothing else rejects', () => {
    expect(
      ran('cline PreToolUse', 0, `text\n${line('{"cancel":false}')}`, '', closed).decision,
    ).toBe('none');
  });

  it('that are broken leave the rest of the output to be read', () => {
    expect(ran('cline PreToolUse', 0, `${denials[0]}\n${line('{"cancel":')}`)).toMatchObject({
      decision: 'block',
    });
  });
});

describe('lines of progress of copilot', () => {
  const progress = '{"type":"progress","message":"at work"}\n';

  it('are taken out, up to a thousand', () => {
    expect(
      ran('copilot preToolUse', 0, `${progress.repeat(1_000)}{"permissionDecision":"allow"}`)
        .decision,
    ).toBe('allow');
    const result = ran(
      'copilot preToolUse',
      0,
      `${progress.repeat(1_001)}{"permissionDecision":"allow"}`,
      '',
      closed,
    );
    expect(result.cause).toHaveProperty(
      'message',
      expect.stringContaining('of the lines of progress, 1000 are taken out'),
    );
    expect(ran('copilot preToolUse', 0, `${progress.repeat(1_001)}${denials[0]}`).decision).toBe(
      'block',
    );
  });

  it('that are something else stay', () => {
    expect(ran('copilot postToolUse', 0, '{"additionalContext":"in progress"}')).toMatchObject({
      additionalContext: 'in progress',
    });
  });
});
