import { describe, expect, it } from 'vitest';
import { codesOf } from '../protocol/samples.ts';
import { closed, ran } from './runs.ts';

const nested = (key: string, fields: object) => ({ [key]: fields });
const claude = (fields: object, hookEventName: unknown = 'PreToolUse') =>
  nested('hookSpecificOutput', { hookEventName, ...fields });
const denied = { permissionDecision: 'deny', permissionDecisionReason: 'no' };

describe('plain text on exit code 0', () => {
  it.each([
    ['docker-agent session_start', { additionalContext: 'note', decision: 'none' }],
    ['agentpool pre_tool_use', { additionalContext: 'note', decision: 'allow' }],
    ['claude-code UserPromptSubmit', { additionalContext: 'note', decision: 'none' }],
    ['gemini-cli BeforeTool', { systemMessage: 'note', decision: 'allow' }],
    ['amazon-q agentSpawn', { additionalContext: 'note', decision: 'none' }],
    [
      'codex Stop',
      { decision: 'none', cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_MALFORMED' } },
    ],
    ['crush PreToolUse', { decision: 'none', cause: { kind: 'output' } }],
  ])('at %s', (place, expected) => {
    expect(ran(place, 0, ' note\n')).toMatchObject(expected);
  });

  it('is dropped where the event takes none, with a diagnostic and without an error', () => {
    const result = ran('docker-agent pre_tool_use', 0, 'note');
    expect(result).toMatchObject({ decision: 'none', cause: { kind: 'output' } });
    expect(result).not.toHaveProperty('additionalContext');
    expect(codesOf(result.diagnostics)).toEqual(['stdout-not-pure-json']);
  });
});

describe('what looks like JSON and is none', () => {
  it.each([
    ['docker-agent session_start', '{"x":', { additionalContext: '{"x":' }],
    [
      'docker-agent-strict pre_tool_use',
      '{} {}',
      { decision: 'block', cause: { code: 'HOOK_OUTPUT_MALFORMED' } },
    ],
    ['codex PreToolUse', '{"x":', { decision: 'none', cause: { code: 'HOOK_OUTPUT_MALFORMED' } }],
    ['codex PreToolUse', '[', { decision: 'none', cause: { code: 'HOOK_OUTPUT_MALFORMED' } }],
    ['claude-code UserPromptSubmit', '{"x":', { additionalContext: '{"x":' }],
    ['claude-code UserPromptSubmit', '[1]', { additionalContext: '[1]' }],
    ['claude-code UserPromptSubmit', '"quoted"', { additionalContext: '"quoted"' }],
    [
      'agentpool pre_tool_use',
      '[1]',
      { decision: 'allow', cause: { code: 'HOOK_OUTPUT_MALFORMED' } },
    ],
    ['openhands PreToolUse', '{"x":', { decision: 'none', cause: { kind: 'output' } }],
  ])('at %s, %s', (place, stdout, expected) => {
    expect(ran(place, 0, stdout)).toMatchObject(expected);
  });

  it.each(['claude-code PreToolUse', 'openhands PreToolUse', 'agentpool pre_tool_use'])(
    'at %s closes a hook whose failMode is block',
    (place) => {
      expect(ran(place, 0, '{"x":', '', closed).decision).toBe('block');
    },
  );
});

it('broken JSON under a failMode that the author wrote down says that Claude Code would go ahead', () => {
  expect(codesOf(ran('claude-code PreToolUse', 0, '{"x":', '', closed).diagnostics)).toContain(
    'stricter-than-upstream',
  );
});

it('an unknown object is plain text to Amazon Q', () => {
  expect(ran('amazon-q agentSpawn', 0, '{"zzz":1}')).toMatchObject({
    additionalContext: '{"zzz":1}',
    cause: { kind: 'output' },
  });
});

describe('marks around the verdict', () => {
  it.each([
    [
      'cline PreToolUse',
      'log\r\nHOOK_CONTROL\t{"cancel":false}\nHOOK_CONTROL\t{"cancel":true}\r\n',
      'block',
    ],
    ['cline PreToolUse', 'HOOK_CONTROL\t', 'none'],
    ['cline PreToolUse', 'log', 'none'],
    [
      'copilot preToolUse',
      '{"type":"progress","message":"x"}\n{"permissionDecision":"allow"}\n',
      'allow',
    ],
    ['copilot preToolUse', 'log\n{"note":1}\n{"permissionDecision":"deny"}', 'block'],
    ['copilot postToolUse', 'log\n{"permissionDecision":"allow"}', 'none'],
    ['copilot preToolUse', `log ${'['.repeat(100)}`, 'none'],
    ['gemini-cli BeforeTool', '"{\\"decision\\":\\"deny\\"}"', 'block'],
    ['claude-code PreToolUse', '"{\\"decision\\":\\"block\\"}"', 'none'],
  ])('at %s, %j: %s', (place, stdout, decision) => {
    expect(ran(place, 0, stdout, '', { failMode: 'allow' }).decision).toBe(decision);
  });
});

describe('every spelling of no is read', () => {
  it.each([
    ['openhands PreToolUse', { decision: 'block' }],
    ['docker-agent pre_tool_use', { decision: 'deny' }],
    ['agentpool pre_tool_use', claude(denied)],
    ['crush PreToolUse', { ok: false }],
    ['windsurf pre_run_command', { decision: 'block' }],
    ['openhands PreToolUse', { decision: 'BLOCK' }],
    ['amazon-q preToolUse', { cancel: true }],
  ])('at %s, %j blocks and is called foreign', (place, output) => {
    const result = ran(place, 0, output);
    expect(result.decision).toBe('block');
    expect(codesOf(result.diagnostics)).toContain('foreign-spelling');
  });

  it.each([
    ['claude-code PreToolUse', claude(denied)],
    ['codex PreToolUse', claude(denied)],
    [
      'docker-agent-strict pre_tool_use',
      nested('hook_specific_output', { permission_decision: 'deny' }),
    ],
    ['copilot preToolUse', { permissionDecision: 'deny' }],
    ['openhands PreToolUse', { decision: 'deny' }],
    ['openhands PreToolUse', { decision: 'Deny' }],
    ['crush PreToolUse', { decision: 'deny', halt: true, version: 99 }],
    ['cursor beforeShellExecution', { permission: 'deny', user_message: 'no' }],
    [
      'codex PermissionRequest',
      claude({ decision: { behavior: 'deny', message: 'no' } }, 'PermissionRequest'),
    ],
  ])('at %s, %j is native', (place, output) => {
    const result = ran(place, 0, output);
    expect(result.decision).toBe('block');
    expect(codesOf(result.diagnostics)).not.toContain('foreign-spelling');
  });
});

describe('an output that the dialect refuses', () => {
  it.each([
    ['codex PreToolUse', claude({ permissionDecision: 'allow' })],
    ['codex PreToolUse', claude({ updatedInput: {} })],
    ['codex PreToolUse', { decision: 'approve' }],
    ['codex PreToolUse', { suppressOutput: true }],
    ['codex PreToolUse', { continue: false }],
    ['codex PreToolUse', { hookSpecificOutput: { permissionDecision: 'allow', updatedInput: {} } }],
    ['codex PostToolUse', claude({ updatedMCPToolOutput: 1 }, 'PostToolUse')],
    ['codex PostToolUse', claude({ additionalContext: 'x' })],
    ['codex PostToolUse', claude({ additionalContext: 'x' }, 7)],
    ['codex UserPromptSubmit', { systemMessage: 5 }],
    ['docker-agent-strict before_llm_call', { decision: 'allow' }],
    ['docker-agent-strict before_llm_call', { decision: 'blok' }],
    ['claude-code PreToolUse', { decision: 42 }],
    ['claude-code PreToolUse', { decision: 'allow' }],
    ['codex PostToolUse', { reason: 'r' }],
  ])('at %s, %j, is an error', (place, output) => {
    expect(ran(place, 0, output)).toMatchObject({
      decision: 'none',
      cause: { code: 'HOOK_OUTPUT_UNKNOWN' },
    });
  });

  it.each([
    ['codex PreToolUse', { hookSpecificOutput: denied }],
    ['codex PreToolUse', { ...claude(denied), suppressOutput: true }],
    ['codex PreToolUse', { decision: 'block', reason: 'no', zzz: 1 }],
    ['docker-agent-strict post_tool_use', { decision: 'block', reason: 5 }],
  ])('and says no at %s, %j, is an error that blocks', (place, output) => {
    expect(ran(place, 0, output)).toMatchObject({
      decision: 'block',
      cause: { code: 'HOOK_OUTPUT_UNKNOWN' },
    });
  });

  it('is passed over where upstream does so, unless the failMode is block', () => {
    for (const output of [{ decision: 'maybe' }, { zzz: 1 }]) {
      expect(ran('agentpool pre_tool_use', 0, output)).toMatchObject({
        decision: 'none',
        cause: { kind: 'output' },
      });
      expect(ran('agentpool pre_tool_use', 0, output, '', closed).decision).toBe('block');
    }
  });

  it.each([
    ['docker-agent-strict tool_guard', nested('hook_specific_output', { updated_input: {} })],
    [
      'docker-agent-strict pre_tool_use',
      nested('hook_specific_output', { additional_context: 'x' }),
    ],
    ['docker-agent-strict tool_guard', nested('hook_specific_output', { hook_event_name: 'stop' })],
    ['docker-agent-strict pre_tool_use', { unknown_field: false }],
    ['docker-agent-strict pre_tool_use', nested('hook_specific_output', { updated_inpu: {} })],
    ['docker-agent-strict pre_tool_use', 'text'],
    ['docker-agent-strict pre_tool_use', '[]'],
    ['docker-agent-strict pre_tool_use', 'null'],
  ])('at %s, %j: with strictOutput it blocks, without it does not', (place, output) => {
    expect(ran(place, 0, output, '', { strictOutput: true }).decision).toBe('block');
    expect(ran(place, 0, output).decision).toBe('none');
  });

  it('strictOutput has nothing against an output of the dialect', () => {
    const output = nested('hook_specific_output', {
      hook_event_name: 'pre_tool_use',
      permission_decision: 'ask',
    });
    expect(
      ran('docker-agent-strict pre_tool_use', 0, output, '', { strictOutput: true }).decision,
    ).toBe('ask');
  });
});

describe('the object for another event', () => {
  it('says nothing in Claude Code but a rejection', () => {
    const mild = ran(
      'claude-code Stop',
      0,
      claude({ additionalContext: 'x', permissionDecision: 'allow' }),
    );
    expect(mild).toMatchObject({ decision: 'none' });
    expect(mild).not.toHaveProperty('additionalContext');
    expect(codesOf(mild.diagnostics)).toEqual(['wrong-event-name']);
    expect(ran('claude-code Stop', 0, claude(denied))).toMatchObject({
      decision: 'block',
      reason: 'no',
    });
    expect(ran('claude-code Stop', 0, claude({ decision: { behavior: 'deny' } }))).toMatchObject({
      decision: 'block',
    });
  });

  it('counts where the name is missing, as far as it says no', () => {
    expect(ran('claude-code PreToolUse', 0, { hookSpecificOutput: denied }).decision).toBe('block');
    expect(
      ran('claude-code PreToolUse', 0, { hookSpecificOutput: { permissionDecision: 'allow' } })
        .decision,
    ).toBe('none');
  });
});
