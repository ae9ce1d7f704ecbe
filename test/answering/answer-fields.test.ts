/** What an answer says beside its verdict. */
import { describe, expect, test } from 'vitest';
import { answerFor } from '../../src/answering/answer-for.ts';
import type { AnswerInput } from '../../src/answering/answer-input.ts';

const block: AnswerInput = { decision: 'block', reason: 'no' };
const updatedInput = { command: 'ls' };
const rewrite = { updatedInput, effectiveInput: updatedInput };
const json = (stdout: object, more: object = {}) => ({
  stdout: `${JSON.stringify(stdout)}\n`,
  stderr: '',
  exitCode: 0,
  ...more,
});

describe('what stands beside an allow', () => {
  test.each([
    [
      'claude-code',
      'PreToolUse',
      { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput } },
    ],
    [
      'codex',
      'PreToolUse',
      {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'allow',
          updatedInput,
        },
      },
    ],
    [
      'gemini-cli',
      'BeforeTool',
      { hookSpecificOutput: { hookEventName: 'BeforeTool', tool_input: updatedInput } },
    ],
    [
      'docker-agent',
      'pre_tool_use',
      { hook_specific_output: { hook_event_name: 'pre_tool_use', updated_input: updatedInput } },
    ],
    ['copilot', 'preToolUse', { modifiedArgs: updatedInput }],
    ['crush', 'PreToolUse', { updated_input: updatedInput }],
    ['agentpool', 'pre_tool_use', { modified_input: updatedInput }],
  ])('a changed input of %s on %s', (dialect, event, answer) => {
    expect(answerFor(dialect, event, { decision: 'allow', ...rewrite })).toEqual(json(answer));
  });

  test('a changed input after the tool is nothing', () => {
    expect(answerFor('claude-code', 'PostToolUse', { decision: 'none', ...rewrite })).toMatchObject(
      {
        stdout: '',
        exitCode: 0,
      },
    );
  });

  test('everything at once is one object', () => {
    const told: AnswerInput = {
      decision: 'none',
      ...rewrite,
      additionalContext: 'c',
      systemMessage: 's',
    };
    const hookSpecificOutput = {
      hookEventName: 'PreToolUse',
      additionalContext: 'c',
      updatedInput,
    };
    expect(answerFor('claude-code', 'pre_tool_use', told)).toEqual(
      json({ hookSpecificOutput, systemMessage: 's' }),
    );
  });

  test('a context is plain text where the agent reads it so', () => {
    const told: AnswerInput = { decision: 'none', additionalContext: 'two\nlines' };
    expect(answerFor('amazon-q', 'agentSpawn', told)).toEqual({
      stdout: 'two\nlines\n',
      stderr: '',
      exitCode: 0,
    });
  });

  test('what the agent has no field for goes to stderr', () => {
    const told: AnswerInput = { decision: 'none', additionalContext: 'c', systemMessage: 's' };
    expect(answerFor('windsurf', 'pre_run_command', told)).toEqual({
      stdout: '',
      stderr: 'hookpool: c\nhookpool: s\n',
      exitCode: 0,
    });
    expect(answerFor('claude-code', 'PreCompact', { ...block, systemMessage: 's' }).stderr).toBe(
      'no\nhookpool: s\n',
    );
  });

  test('a member that is taken away is a block where the agent only lays the new input over the old one', () => {
    const told: AnswerInput = {
      decision: 'none',
      ...rewrite,
      reportedInput: { command: 'ls', background: true },
    };
    for (const [dialect, event] of [
      ['crush', 'PreToolUse'],
      ['agentpool', 'pre_tool_use'],
      ['docker-agent', 'pre_tool_use'],
      ['docker-agent-strict', 'tool_input_transform'],
    ] as const) {
      expect(answerFor(dialect, event, told).stdout, dialect).toMatch(
        /"decision":"(block|deny)".*Do this with another input/,
      );
      const whole = answerFor(dialect, event, { ...told, reportedInput: { command: 'rm' } });
      expect(whole.stdout, dialect).toMatch(/_input":\{"command":"ls"\}/);
    }
    expect(answerFor('claude-code', 'PreToolUse', told).stdout).toContain(
      '"updatedInput":{"command":"ls"}',
    );
  });

  test('a changed input of hooks whose dialect has none is a block', () => {
    expect(
      answerFor('claude-code', 'PreToolUse', { decision: 'allow', updatedInput }).stdout,
    ).toContain(
      'Do this with another input, which a hook cannot change here: {\\"command\\":\\"ls\\"}',
    );
  });

  test.each([
    [
      'claude-code',
      'PostToolUse',
      'updatedToolOutput',
      { hookSpecificOutput: { hookEventName: 'PostToolUse', updatedToolOutput: 'x' } },
    ],
    ['copilot', 'postToolUse', 'modifiedResult', { modifiedResult: 'x' }],
    [
      'gemini-cli',
      'BeforeModel',
      'llmRequest',
      { hookSpecificOutput: { hookEventName: 'BeforeModel', llm_request: 'x' } },
    ],
    [
      'gemini-cli',
      'BeforeToolSelection',
      'toolConfig',
      { hookSpecificOutput: { hookEventName: 'BeforeToolSelection', toolConfig: 'x' } },
    ],
    [
      'docker-agent-strict',
      'tool_response_transform',
      'updatedToolResponse',
      {
        hook_specific_output: {
          hook_event_name: 'tool_response_transform',
          updated_tool_response: 'x',
        },
      },
    ],
  ])('another change that %s knows at %s: %s', (dialect, event, name, answer) => {
    expect(answerFor(dialect, event, { decision: 'none', extra: { [name]: 'x' } })).toEqual(
      json(answer),
    );
    const blocked = answerFor(dialect, event, { ...block, extra: { [name]: 'x' } });
    expect(blocked.stdout).not.toContain('"x"');
  });

  test('a change that an agent does not know is a block, an aside goes to stderr', () => {
    const told = (name: string): AnswerInput => ({ decision: 'allow', extra: { [name]: 'x' } });
    expect(answerFor('codex', 'PostToolUse', told('updatedToolOutput')).stdout).toBe(
      '{"decision":"block","reason":"A hook wants to change something that it cannot change here: updatedToolOutput."}\n',
    );
    expect(answerFor('codex', 'Stop', told('modifiedResponse'))).toMatchObject({
      stdout: '',
      exitCode: 0,
    });
    expect(answerFor('codex', 'PostToolUse', told('metadata'))).toEqual({
      stdout: '',
      stderr: 'hookpool: metadata cannot be said here.\n',
      exitCode: 0,
    });
  });

  test('the end of the turn after a tool is said, or the model is told to stop', () => {
    const told: AnswerInput = { decision: 'none', continue: false, stopReason: 'enough' };
    expect(answerFor('claude-code', 'PostToolUse', told)).toEqual(
      json({ continue: false, stopReason: 'enough' }),
    );
    expect(answerFor('codex', 'PostToolUse', told)).toEqual(
      json({ decision: 'block', reason: 'enough' }),
    );
    expect(
      answerFor('codex', 'PreToolUse', { decision: 'none', continue: false, reason: 'why' }).stdout,
    ).toContain('why');
    expect(answerFor('openhands', 'Stop', told)).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(
      answerFor('claude-code', 'Notification', { decision: 'none', continue: false }).stdout,
    ).toContain('A hook ended the turn.');
  });
});
