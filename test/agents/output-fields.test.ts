/** What an output says beside its verdict. */
import { describe, expect, it } from 'vitest';
import { codesOf } from '../protocol/samples.ts';
import { ran } from './runs.ts';

const nested = (key: string, fields: object) => ({ [key]: fields });
const claude = (fields: object, hookEventName: unknown = 'PreToolUse') =>
  nested('hookSpecificOutput', { hookEventName, ...fields });

describe('continue: false', () => {
  it.each([
    ['claude-code PreToolUse', { decision: 'block', reason: 'over', continue: false }],
    ['claude-code PermissionDenied', { decision: 'none', continue: false, stopReason: 'over' }],
    ['codex SessionStart', { decision: 'block', continue: false }],
    ['codex PostToolUse', { decision: 'none', continue: false }],
    ['openhands Stop', { decision: 'block', reason: 'over' }],
  ])('at %s', (place, expected) => {
    expect(ran(place, 0, { continue: false, stopReason: 'over' })).toMatchObject(expected);
  });

  it('beats a block at the Stop of Codex, and means nothing at its SubagentStart', () => {
    const both = { continue: false, stopReason: 'over', decision: 'block', reason: 'go on' };
    expect(ran('codex Stop', 0, both)).toMatchObject({
      decision: 'none',
      continue: false,
      stopReason: 'over',
    });
    const result = ran('codex SubagentStart', 0, { continue: false, stopReason: 'over' });
    expect(result).not.toHaveProperty('continue');
    expect(result).not.toHaveProperty('stopReason');
  });
});

describe('what else a hook gives', () => {
  it('a context alone keeps Claude Code going, and no other', () => {
    const text = (event: string) => claude({ additionalContext: 'run the tests' }, event);
    expect(ran('claude-code Stop', 0, text('Stop'))).toMatchObject({
      decision: 'block',
      reason: 'run the tests',
    });
    expect(ran('claude-code Stop', 0, { ...text('Stop'), decision: 'block' })).toMatchObject({
      reason: expect.stringMatching(/^Hook guard/),
    });
    const both = { decision: 'deny', reason: 'r', additionalContext: 'do x' };
    expect(ran('openhands Stop', 0, both)).toMatchObject({ decision: 'block', reason: 'do x' });
    expect(ran('openhands Stop', 0, { decision: 'deny', reason: 'r' })).toMatchObject({
      reason: 'r',
    });
    expect(ran('codex Stop', 0, text('Stop'))).toMatchObject({
      decision: 'none',
      additionalContext: 'run the tests',
    });
  });

  it('an ask is passed on where upstream drops it', () => {
    const result = ran(
      'codex PreToolUse',
      0,
      claude({ permissionDecision: 'ask', permissionDecisionReason: 'sure?' }),
    );
    expect(result).toMatchObject({ decision: 'ask', reason: 'sure?' });
    expect(codesOf(result.diagnostics)).toContain('stricter-than-upstream');
  });

  it('a block without a reason has the default text and a diagnostic where upstream goes ahead', () => {
    const result = ran('codex UserPromptSubmit', 0, { decision: 'block' });
    expect(result).toMatchObject({ decision: 'block', reason: 'Blocked by hook guard.' });
    expect(codesOf(result.diagnostics)).toEqual(['stricter-than-upstream']);
  });

  it.each([
    [
      'crush PreToolUse',
      { context: ['first', '', 'second'] },
      { additionalContext: 'first\nsecond' },
    ],
    ['crush PreToolUse', { updated_input: '{"cmd":"ls"}' }, { updatedInput: { cmd: 'ls' } }],
    ['crush PreToolUse', { updated_input: 'ls' }, { updatedInput: 'ls' }],
    ['copilot postToolUse', { modifiedResult: 'x' }, { extra: { modifiedResult: 'x' } }],
    [
      'docker-agent-gen2 before_compaction',
      nested('hook_specific_output', { summary: 's' }),
      { extra: { summary: 's' } },
    ],
    ['cursor stop', { followup_message: 'go on' }, { decision: 'block', reason: 'go on' }],
    [
      'cursor beforeSubmitPrompt',
      { continue: false, user_message: 'no' },
      { decision: 'block', systemMessage: 'no' },
    ],
  ])('at %s, %j', (place, output, expected) => {
    expect(ran(place, 0, output)).toMatchObject(expected);
  });

  it('what the event does not take is left out with a diagnostic', () => {
    const fields = { additional_context: 'x', updated_input: {} };
    const result = ran('docker-agent-strict tool_guard', 0, nested('hook_specific_output', fields));
    expect(result).not.toHaveProperty('additionalContext');
    expect(result).not.toHaveProperty('updatedInput');
    expect(codesOf(result.diagnostics)).toEqual(['output-ignored', 'output-ignored']);
  });
});
