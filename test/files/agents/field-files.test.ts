/** Shapes of hook files in public repositories, as they are written there. */
import { describe, expect, it } from 'vitest';
import { read } from './reading.ts';

const deny = { type: 'command', command: "echo 'denied by guard' >&2; exit 2" };
const guard = (hook: object = {}, group: object = {}) => ({
  hooks: { PreToolUse: [{ matcher: 'Bash', ...group, hooks: [{ ...deny, ...hook }] }] },
});

describe('files of Claude Code and Codex with keys that people write for themselves', () => {
  it.each([
    ['.claude/settings.json', guard({ name: 'guard' }), 'claude-code'],
    ['.claude/settings.json', guard({ description: 'd' }), 'claude-code'],
    ['.claude/settings.json', guard({ id: 'x' }), 'claude-code'],
    ['.claude/settings.json', guard({ enabled: true }), 'claude-code'],
    ['.claude/settings.json', guard({}, { id: 'x' }), 'claude-code'],
    ['.codex/hooks.json', guard({ name: 'log', timeout: 10 }), 'codex'],
  ])('%s with %j', (path, value, dialect) => {
    const reading = read(path, value);
    expect(reading).toMatchObject({ dialect, problems: [] });
    expect(reading.warnings).toHaveLength(1);
  });

  it('of Codex with a description and a limit of the context', () => {
    const hook = { type: 'command', command: 'echo hi', timeout: 10, additionalContextLimit: 2000 };
    const value = { description: 'guard', hooks: { UserPromptSubmit: [{ hooks: [hook] }] } };
    expect(read('.codex/hooks.json', value, 'codex')).toMatchObject({ problems: [], warnings: [] });
  });
});

describe('files of Cursor', () => {
  const block = { 'hooks/block.sh': '#!/bin/bash\nexit 2\n' };
  it('with a script of the project', () => {
    const hook = { command: './hooks/block.sh' };
    const value = { version: 1, hooks: { beforeShellExecution: [hook] } };
    expect(read('.cursor/hooks.json', value, undefined, block)).toMatchObject({
      format: 'cursor-hooks',
      problems: [],
    });
  });

  it('without a version and a folder', () => {
    const shell = { command: 'exit 2', failClosed: true, matcher: 'git', timeout: 5 };
    const stop = { command: 'true', loop_limit: 1 };
    const value = { hooks: { beforeShellExecution: [shell], stop: [stop] } };
    expect(read('h.json', value)).toMatchObject({ format: 'cursor-hooks', problems: [] });
    expect(read('h.json', value, 'cursor')).toMatchObject({ format: 'cursor-hooks', problems: [] });
  });
});

describe('files of .github/hooks', () => {
  const hook = { type: 'command', command: 'exit 2' };
  const lines = { windows: 'exit 3', linux: 'exit 2', cwd: '.', env: { A: '1' } };
  it.each([
    [{ hooks: { PreToolUse: [{ ...hook, timeout: 15 }] } }, undefined, 'vscode-hooks'],
    [{ hooks: { PreToolUse: [{ ...hook, ...lines }] } }, undefined, 'vscode-hooks'],
    [{ version: 1, hooks: { PreToolUse: [hook] } }, undefined, 'copilot-hooks'],
    [{ version: 1, hooks: { PreToolUse: [hook] } }, 'vscode', 'vscode-hooks'],
  ])('%j with the dialect %s', (value, dialect, format) => {
    expect(read('.github/hooks/a.json', value, dialect)).toMatchObject({ format, problems: [] });
  });
});

it.each([
  '{"when": {"type": "preToolUse"}, "then": {"type": "runCommand", "command": "exit 1"}}',
  '{"version": "v1", "hooks": [{"trigger": "PreToolUse", "action": {"type": "command"}}]}',
  '{"version": "1.0", "hooks": [{"when": {"type": "fileEdited"}, "then": {"type": "askAgent"}}]}',
])('a hook of the Kiro IDE is refused by name: %s', (value) => {
  expect(read('.kiro/hooks/a.json', value).problems).toEqual([
    expect.stringContaining('This is a hook of the Kiro IDE, which is not read.'),
  ]);
});

it('a plugin whose only event is known to Gemini CLI too is that of its manifest', () => {
  const hook = { type: 'command', command: 'bash "$CLAUDE_PLUGIN_ROOT/hooks/check.sh"' };
  const value = { hooks: { SessionStart: [{ hooks: [hook] }] } };
  const files = { '.claude-plugin/plugin.json': '{}', 'hooks/check.sh': 'echo ready\n' };
  expect(read('hooks/hooks.json', value, undefined, files)).toMatchObject({
    dialect: 'claude-code',
    problems: [],
  });
});
