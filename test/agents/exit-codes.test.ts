import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { codesOf, exited } from '../protocol/samples.ts';
import { closed, placed, ran } from './runs.ts';

const deny = { decision: 'block', reason: 'json' };

describe('exit code 2', () => {
  it.each([
    ['docker-agent pre_tool_use', deny, 'err', 'err'],
    ['docker-agent pre_tool_use', deny, '', 'json'],
    ['docker-agent pre_tool_use', '', '', 'Blocked by hook guard.'],
    ['claude-code PreToolUse', deny, 'err', 'json'],
    ['claude-code PreToolUse', { decision: 'approve', reason: 'fine' }, 'err', 'err'],
    ['claude-code-2025 PreToolUse', deny, 'err', 'err'],
    ['claude-code PreToolUse', '', '', 'Hook guard blocked this. No stderr output.'],
    ['codex PreToolUse', deny, 'err', 'err'],
    ['codex PreToolUse', deny, '', 'json'],
    ['codex PreToolUse', '', ' ', 'Blocked by hook guard.'],
    ['gemini-cli BeforeTool', 'noise', 'err', 'noise'],
    ['gemini-cli BeforeTool', '', 'err', 'err'],
    ['gemini-cli BeforeTool', '', '{"decision":"deny","reason":"json"}', 'json'],
    ['gemini-cli BeforeTool', { decision: 'allow' }, '', 'No reason provided'],
    ['gemini-cli BeforeTool', '', '404', '404'],
    ['gemini-cli BeforeTool', '', '', 'No reason provided'],
    ['openhands PreToolUse', { decision: null }, 'veto', 'veto'],
    ['openhands Stop', { decision: 'deny', additionalContext: 'do x', reason: 'r' }, 'err', 'do x'],
    ['agentpool pre_tool_use', '', '', 'Hook denied the operation'],
    ['crush PreToolUse', '', '', 'blocked by hook'],
    ['cline PreToolUse', { cancel: false }, 'no', 'no'],
    ['windsurf pre_run_command', '', 'no', 'no'],
    ['amazon-q preToolUse', '', 'no', 'no'],
    ['generic PreToolUse', '', 'no', 'no'],
  ])('at %s with %j and %j on the streams blocks with %j', (place, stdout, stderr, reason) => {
    const result = ran(place, 2, stdout, stderr, { failMode: 'allow' });
    expect(result).toMatchObject({
      decision: 'block',
      reason,
      cause: { kind: 'exit-code', exitCode: 2 },
    });
  });

  it.each([
    ['codex PreToolUse', ''],
    ['codex PreToolUse', deny],
    ['gemini-cli BeforeTool', ''],
    ['gemini-cli BeforeTool', { decision: 'allow' }],
    ['cline PreToolUse', { cancel: false }],
  ])('at %s with %j says that upstream would go ahead', (place, stdout) => {
    expect(codesOf(ran(place, 2, stdout).diagnostics)).toContain('stricter-than-upstream');
  });

  it.each([
    ['claude-code PostToolUse', { decision: 'none', additionalContext: 'err' }],
    ['codex PostToolUse', { decision: 'block', reason: 'err' }],
    ['qwen-code PostToolUse', { decision: 'none', additionalContext: 'err' }],
    ['claude-code SessionStart', { decision: 'none', systemMessage: 'Hook guard: err' }],
    [
      'claude-code PermissionRequest',
      { decision: 'none', diagnostics: [{ code: 'output-ignored' }] },
    ],
    [
      'docker-agent-strict stop',
      { decision: 'none', systemMessage: expect.stringContaining('cannot be blocked') },
    ],
    [
      'amazon-q userPromptSubmit',
      { decision: 'none', cause: { kind: 'fail-mode', code: 'HOOK_EXIT_CODE' } },
    ],
    ['codex SessionStart', { decision: 'none', cause: { code: 'HOOK_EXIT_CODE' } }],
  ])('at %s is told in the way of the event', (place, expected) => {
    expect(ran(place, 2, '', 'err')).toMatchObject(expected);
  });

  it('without a text leaves no feedback, and a notice all the same', () => {
    expect(ran('claude-code PostToolUse', 2)).not.toHaveProperty('additionalContext');
    expect(ran('claude-code SessionStart', 2)).toHaveProperty(
      'systemMessage',
      'Hook guard: exit code 2',
    );
  });

  it('without a reason at the Stop of Codex is an error, and a block where the failMode says so', () => {
    expect(ran('codex Stop', 2)).toMatchObject({
      decision: 'none',
      cause: { code: 'HOOK_OUTPUT_UNKNOWN' },
    });
    expect(ran('codex Stop', 2, '', '', closed)).toMatchObject({ decision: 'block' });
  });

  it('keeps what the output says beside its verdict, as far as the dialect reads it', () => {
    const output = {
      continue: false,
      stopReason: 'over',
      systemMessage: 'm',
      hookSpecificOutput: { hookEventName: 'PreToolUse', additionalContext: 'c' },
    };
    const all = {
      decision: 'block',
      additionalContext: 'c',
      systemMessage: 'm',
      continue: false,
      stopReason: 'over',
    };
    expect(ran('claude-code PreToolUse', 2, output, 'no')).toMatchObject(all);
    expect(ran('claude-code PreToolUse', 2, { continue: false }, 'no')).not.toHaveProperty(
      'stopReason',
    );
    const some = ran('codex PreToolUse', 2, output, 'no');
    expect(some).toMatchObject({ decision: 'block', additionalContext: 'c' });
    expect(some).not.toHaveProperty('systemMessage');
    const strict = ran('docker-agent-strict pre_tool_use', 2, {
      decision: 'block',
      hook_specific_output: { additional_context: 'c' },
    });
    expect(strict).not.toHaveProperty('additionalContext');
  });

  it('with an output that was cut blocks with the rejection that was kept of it, or with what else there is', () => {
    const { dialect, hook } = placed('claude-code PreToolUse');
    const kept = (text: string) =>
      decide(dialect, hook, { ...exited(2, text, 'err'), stdoutTotalBytes: 9_999_999 });
    expect(kept(JSON.stringify(deny))).toMatchObject({ decision: 'block', reason: deny.reason });
    expect(kept('{"reason":"r","systemMessage":"m"}')).toMatchObject({
      decision: 'block',
      reason: 'err',
    });
    expect(kept('{"reason":"r","systemMessage":"m"}')).not.toHaveProperty('systemMessage');
  });
});

describe('another exit code', () => {
  it.each([
    ['docker-agent pre_tool_use', 1, '', 'none'],
    ['docker-agent-gen2 pre_tool_use', 1, '', 'none'],
    ['docker-agent-strict pre_tool_use', 1, '', 'block'],
    ['docker-agent-strict tool_guard', 127, '', 'block'],
    ['docker-agent-strict before_llm_call', 1, '', 'none'],
    ['copilot preToolUse', 1, { permissionDecision: 'allow' }, 'block'],
    ['copilot postToolUse', 1, '', 'none'],
    ['agentpool pre_tool_use', 1, '', 'allow'],
    ['claude-code PreToolUse', 1, '', 'none'],
    ['claude-code PreToolUse', 1, deny, 'block'],
    ['claude-code PreToolUse', 1, { decision: 'approve' }, 'allow'],
    ['codex PreToolUse', 1, deny, 'none'],
    ['openhands PreToolUse', 1, { decision: 'deny' }, 'block'],
    ['openhands PreToolUse', 1, { decision: 'allow' }, 'none'],
    ['gemini-cli BeforeTool', 1, '', 'none'],
    ['gemini-cli BeforeTool', 3, '', 'none'],
    ['gemini-cli BeforeTool', 3, { decision: 'allow' }, 'allow'],
    ['gemini-cli BeforeTool', 127, 'no such command', 'block'],
    ['crush PreToolUse', 1, '', 'none'],
    ['cline PreToolUse', 1, { cancel: true }, 'block'],
  ])('at %s, %d with %j on stdout: %s', (place, code, stdout, decision) => {
    expect(ran(place, code, stdout).decision).toBe(decision);
  });

  it('of Gemini with a text warns at 1 and rejects above', () => {
    const warned = {
      decision: 'none',
      systemMessage: 'Warning: odd',
      cause: { kind: 'fail-mode' },
    };
    expect(ran('gemini-cli BeforeTool', 1, '', 'odd\n')).toMatchObject(warned);
    const rejected = { decision: 'block', reason: 'odd', cause: { kind: 'fail-mode' } };
    expect(ran('gemini-cli BeforeTool', 3, '', 'odd\n')).toMatchObject(rejected);
  });

  it('49 of Crush ends the turn', () => {
    expect(ran('crush PreToolUse', 49, '', 'halt')).toMatchObject({
      decision: 'block',
      reason: 'halt',
      continue: false,
    });
    expect(ran('crush PreToolUse', 49)).toMatchObject({
      decision: 'block',
      reason: 'blocked by hook',
      continue: false,
    });
  });

  it('is told in a system message where the dialect does so, unless the hook is quiet', () => {
    const message =
      'before_llm_call hook failed: hook "guard" gave no decision. The script exited with code 1.';
    expect(ran('docker-agent-strict before_llm_call', 1)).toHaveProperty('systemMessage', message);
    expect(
      ran('docker-agent-strict before_llm_call', 1, '', '', { quiet: true }),
    ).not.toHaveProperty('systemMessage');
  });
});

describe('a timeout', () => {
  it.each([
    ['docker-agent pre_tool_use', 'none'],
    ['docker-agent-gen2 pre_tool_use', 'block'],
    ['docker-agent-gen2 post_tool_use', 'none'],
    ['docker-agent-strict pre_tool_use', 'block'],
    ['copilot preToolUse', 'none'],
    ['agentpool pre_tool_use', 'allow'],
    ['generic PreToolUse', 'none'],
  ])('at %s counts as %s', (place, decision) => {
    const { dialect, hook } = placed(place);
    expect(decide(dialect, hook, emptyRun('timed-out')).decision).toBe(decision);
    expect(decide(dialect, hook, { code: 'DEADLINE', message: 'late' }).decision).toBe(decision);
  });

  it('is closed by a failMode that the author wrote down', () => {
    const { dialect, hook } = placed('copilot preToolUse', closed);
    expect(decide(dialect, hook, emptyRun('timed-out')).decision).toBe('block');
  });
});

describe('exit code 2 with more on stderr than is kept', () => {
  const flood = (exitCode: number, place: string) => {
    const { dialect, hook } = placed(place, { failMode: 'allow' });
    const run = exited(exitCode, '', `head ${'x'.repeat(65_531)}`);
    return decide(dialect, hook, { ...run, stderrTotalBytes: 5_000_000 });
  };

  it.each(dialects)('blocks with the head of it as the reason under $name', (dialect) => {
    const gates = Object.keys(dialect.events).filter((event) => {
      const rules = eventRules(dialect, event);
      return rules.canBlock && rules.exit2 === 'block';
    });
    for (const event of gates) {
      const result = flood(2, `${dialect.name} ${event}`);
      expect(result).toMatchObject({
        decision: 'block',
        cause: { kind: 'exit-code', exitCode: 2 },
        facts: { stderrTruncated: true },
      });
      expect(result.reason).toMatch(/^head x+$/);
    }
  });

  it('is not the end of a run that printed without end on stdout', () => {
    const { dialect, hook } = placed('azure PreToolUse', { failMode: 'allow' });
    const result = decide(dialect, hook, { ...exited(null), status: 'output-limit' });
    expect(result).toMatchObject({ decision: 'allow', cause: { code: 'HOOK_OUTPUT_LIMIT' } });
  });
});
