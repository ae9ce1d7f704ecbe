import { describe, expect, test } from 'vitest';
import { answersTo, answerTable } from '../../src/agents/registry.ts';
import { answerFor } from '../../src/answering/answer-for.ts';
import type { AnswerInput } from '../../src/answering/answer-input.ts';

const block: AnswerInput = { decision: 'block', reason: 'no' };
const updatedInput = { command: 'ls' };
const rewrite = { updatedInput, effectiveInput: updatedInput };
const topLevel = '{"decision":"block","reason":"no"}\n';
const json = (stdout: object, more: object = {}) => ({
  stdout: `${JSON.stringify(stdout)}\n`,
  stderr: '',
  exitCode: 0,
  ...more,
});
const exitTwo = { stdout: '', stderr: 'no\n', exitCode: 2 };

describe('a block', () => {
  test.each([
    ['claude-code', 'PreToolUse'],
    ['claude-code', 'Stop'],
    ['claude-code', 'UserPromptSubmit'],
    ['codex', 'PreToolUse'],
    ['codex', 'Stop'],
    ['gemini-cli', 'BeforeTool'],
    ['gemini-cli', 'AfterAgent'],
    ['docker-agent', 'pre_tool_use'],
    ['azure', 'Stop'],
    ['copilot', 'agentStop'],
  ])('that %s obeys on %s is the decision at the top level', (dialect, event) => {
    expect(answerFor(dialect, event, block)).toEqual({ stdout: topLevel, stderr: '', exitCode: 0 });
  });

  test.each([
    ['openhands', 'PreToolUse', json({ decision: 'deny', reason: 'no' })],
    ['agentpool', 'pre_tool_use', json({ decision: 'deny', reason: 'no' })],
    ['crush', 'PreToolUse', json({ decision: 'deny', reason: 'no' })],
    ['copilot', 'preToolUse', json({ permissionDecision: 'deny', permissionDecisionReason: 'no' })],
    ['copilot', 'PreToolUse', json({ permissionDecision: 'deny', permissionDecisionReason: 'no' })],
    ['copilot', 'postToolUse', json({ decision: 'block', reason: 'no' })],
    ['copilot', 'userPromptSubmitted', json({ decision: 'block', reason: 'no' })],
    ['copilot', 'UserPromptSubmit', json({ decision: 'block', reason: 'no' })],
    ['copilot', 'Stop', json({ decision: 'block', reason: 'no' })],
    ['codex', 'PostToolUse', json({ decision: 'block', reason: 'no' })],
    ['qwen-code', 'PreToolUse', json({ decision: 'block', reason: 'no' })],
    ['cline', 'PreToolUse', json({ cancel: true, errorMessage: 'no' })],
    ['amazon-q', 'preToolUse', exitTwo],
    ['windsurf', 'pre_run_command', exitTwo],
    ['claude-code', 'SessionStart', exitTwo],
    ['claude-code', 'PreCompact', exitTwo],
    ['cursor', 'stop', json({ followup_message: 'no' })],
    ['generic', 'PreToolUse', { ...exitTwo, stdout: topLevel }],
    ['gemini-cli', 'AnEventOfTomorrow', { ...exitTwo, stdout: topLevel }],
    ['claude-code', 'AnEventOfTomorrow', exitTwo],
    [
      'claude-code',
      'PermissionRequest',
      json({
        hookSpecificOutput: {
          hookEventName: 'PermissionRequest',
          decision: { behavior: 'deny', message: 'no' },
        },
      }),
    ],
    [
      'vscode',
      'PreToolUse',
      json({
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'no',
        },
      }),
    ],
  ])('of %s on %s', (dialect, event, answer) => {
    expect(answerFor(dialect, event, block)).toEqual(answer);
  });

  test('without a reason names the hook', () => {
    expect(answerFor('codex', 'Stop', { decision: 'block', decidedBy: 'guard' }).stdout).toContain(
      'The hook guard blocked this',
    );
    expect(answerFor('codex', 'Stop', { decision: 'block', reason: '\u0085 ' }).stdout).toContain(
      'A hook blocked this',
    );
  });

  test('takes a context along in its reason', () => {
    const { stdout } = answerFor('codex', 'PreToolUse', {
      ...block,
      additionalContext: 'look at a.md',
    });
    expect(JSON.parse(stdout)).toEqual({ decision: 'block', reason: 'no\n\nlook at a.md' });
  });

  test('never comes with a changed input, which would undo it in Codex', () => {
    expect(answerFor('codex', 'PreToolUse', { ...block, ...rewrite }).stdout).toBe(topLevel);
  });

  test('at the end of a turn is not undone by the end of the turn', () => {
    expect(answerFor('claude-code', 'Stop', { ...block, continue: false }).stdout).toBe(topLevel);
  });

  test('on stderr is never JSON, which Gemini CLI would read as the decision', () => {
    expect(answerFor('gemini-cli', 'SessionEnd', { decision: 'block', reason: '404' }).stderr).toBe(
      'hookpool: 404\n',
    );
  });
});

describe('an ask', () => {
  test.each([
    [
      'claude-code',
      'PreToolUse',
      { hookEventName: 'PreToolUse', permissionDecision: 'ask', permissionDecisionReason: 'sure?' },
    ],
    [
      'vscode',
      'PreToolUse',
      { hookEventName: 'PreToolUse', permissionDecision: 'ask', permissionDecisionReason: 'sure?' },
    ],
    ['azure', 'PreToolUse', { permissionDecision: 'ask', permissionReason: 'sure?' }],
  ])('of %s on %s is in its own object', (dialect, event, hookSpecificOutput) => {
    expect(answerFor(dialect, event, { decision: 'ask', reason: 'sure?' })).toEqual(
      json({ hookSpecificOutput }),
    );
  });

  test.each(['codex', 'openhands', 'crush', 'cline', 'amazon-q', 'windsurf', 'generic'])(
    'is a block for %s',
    (dialect) => {
      const { stdout, stderr } = answerFor(dialect, 'PreToolUse', { decision: 'ask' });
      expect(stdout + stderr).toContain('A person has to confirm this');
    },
  );

  test('before a permission dialog is silence: the person is asked anyway', () => {
    expect(answerFor('codex', 'PermissionRequest', { decision: 'ask', reason: 'x' })).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    });
  });

  test('can have no reason', () => {
    expect(
      answerFor('gemini-cli', 'BeforeTool', { decision: 'ask', decidedBy: 'g' }).stdout,
    ).toContain('The hook g asks');
  });
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

test('long texts are cut, without half a character', () => {
  const { stdout } = answerFor('codex', 'Stop', {
    decision: 'block',
    reason: `${'x'.repeat(29_999)}\u{1f600}`,
  });
  expect(JSON.parse(stdout).reason).toBe(`${'x'.repeat(29_999)}\ufffd…`);
});

test('a broken character in a changed input is replaced', () => {
  const effectiveInput = { a: ['\ud800', 1, true, null] };
  const { stdout } = answerFor('crush', 'PreToolUse', {
    decision: 'none',
    updatedInput: {},
    effectiveInput,
  });
  expect(stdout).toBe('{"updated_input":{"a":["\ufffd",1,true,null]}}\n');
});

test('an unknown dialect is refused with those that are known', () => {
  expect(() => answerTable('clippy')).toThrow(/no dialect "clippy".*claude-code/);
});

test('events are found in any spelling, and unknown ones are gates', () => {
  expect(answersTo('docker-agent', 'PreToolUse').name).toBe('pre_tool_use');
  expect(answersTo('codex', 'New')).toMatchObject({
    name: 'New',
    answers: { kind: 'pre-tool', blocks: true },
  });
});
