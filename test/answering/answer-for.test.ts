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
