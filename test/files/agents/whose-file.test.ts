/** Whose file it is, by its folder, its plugin, and the words and variables in it. */
import { describe, expect, it } from 'vitest';
import { fileFormats } from '../../../src/agents/registry.ts';
import { InvalidInputError } from '../../../src/errors.ts';
import { surroundingsOf } from '../../../src/files/agents/surroundings.ts';
import { read } from './reading.ts';

const run = { type: 'command', command: 'exit 0' };
const groups = (event: string, hook: object = {}) => ({
  hooks: { [event]: [{ hooks: [{ ...run, ...hook }] }] },
});
const flat = (event: string, hook: object = {}) => ({ hooks: { [event]: [{ ...run, ...hook }] } });
const dialectAt = (path: string, value: unknown, files?: Record<string, string>) =>
  read(path, value, undefined, files).dialect;

describe('the folder of a file tells whose it is', () => {
  it.each([
    ['.claude/settings.json', groups('SessionStart'), 'claude-code'],
    ['.gemini/settings.json', groups('SessionStart'), 'gemini-cli'],
    ['.codex/hooks.json', groups('Stop'), 'codex'],
    ['.openhands/hooks.json', groups('PreToolUse'), 'openhands'],
    ['a/b/.cursor/hooks.json', { version: 1, ...flat('preToolUse') }, 'cursor'],
    ['.cursor/hooks/hooks.json', flat('preToolUse'), 'cursor'],
    ['C:\\p\\.cursor\\hooks.json', flat('stop'), 'cursor'],
    ['.windsurf/hooks.json', flat('pre_user_prompt'), 'windsurf'],
    ['.kiro/agents/a.json', flat('preToolUse'), 'amazon-q'],
    ['.amazonq/cli-agents/a.json', flat('stop'), 'amazon-q'],
    ['.github/hooks/a.json', flat('PreToolUse'), 'vscode'],
    ['.github/hooks/a.json', groups('PreToolUse'), 'vscode'],
    ['.github/hooks/a.json', { version: 1, ...flat('PreToolUse') }, 'copilot'],
    ['.github/hooks/a.json', flat('preToolUse', { bash: 'exit 0' }), 'copilot'],
    ['.github/copilot/settings.json', flat('preToolUse'), 'copilot'],
    ['.codex/hooks.json', groups('Stop', { if: 'Bash', once: true }), 'codex'],
  ])('%s with %j', (path, value, dialect) => {
    expect(dialectAt(path, value)).toBe(dialect);
  });

  it.each(['.cursor/worktrees/p/hooks.json', '.cursor/hooks.yaml', 'x.cursor/hooks.json'])(
    '%s is no place of Cursor',
    (path) => {
      expect(dialectAt(path, flat('PreToolUse', { matcher: '*' }))).toBe('azure');
    },
  );

  it.each([
    ['.windsurf/hooks.json', flat('preToolUse'), 'The windsurf dialect has no event "preToolUse"'],
    ['.gemini/settings.json', flat('SessionStart'), 'Every item of SessionStart must be a mapping'],
  ])('%s with %j is refused in the words of its system', (path, value, problem) => {
    expect(read(path, value).problems).toEqual([expect.stringContaining(problem)]);
  });

  it('also where one of its hooks has a key of our own', () => {
    expect(read('.cursor/hooks.json', flat('stop', { tier: 'global' }))).toMatchObject({
      format: 'cursor-hooks',
      problems: [],
      warnings: [expect.stringContaining('Unknown key "tier". Known: type')],
    });
    expect(dialectAt('.cursor/hooks.json', flat('stop', { failMode: 'block' }))).toBe('cursor');
  });
});

describe('the manifest of a plugin tells whose its files are', () => {
  const path = 'hooks/hooks.json';
  it.each([
    ['.claude-plugin/plugin.json', groups('SessionStart'), 'claude-code'],
    ['gemini-extension.json', groups('SessionStart'), 'gemini-cli'],
    ['.codex-plugin/plugin.json', groups('Stop'), 'codex'],
    ['.cursor-plugin/plugin.json', flat('preToolUse'), 'cursor'],
    ['.github/plugin/plugin.json', flat('preToolUse'), 'copilot'],
    ['.plugin/plugin.json', flat('preToolUse'), 'copilot'],
    ['gemini-extension.json', groups('PreToolUse'), 'claude-code'],
  ])('%s beside %j', (manifest, value, dialect) => {
    expect(dialectAt(path, value, { [manifest]: '{}' })).toBe(dialect);
  });

  it('of two plugins in one folder the variable of a command decides, else Claude Code', () => {
    const both = { '.claude-plugin/plugin.json': '{}', '.codex-plugin/plugin.json': '{}' };
    const script = { ...both, 'a.sh': '#!/bin/bash\n' };
    const command = 'bash "$CLAUDE_PLUGIN_ROOT/a.sh"';
    expect(dialectAt(path, groups('Stop'), both)).toBe('claude-code');
    expect(dialectAt(path, groups('Stop', { command }), script)).toBe('claude-code');
    expect(dialectAt(path, groups('Stop', { command: 'cd "$PLUGIN_ROOT"; exit 0' }), both)).toBe(
      'codex',
    );
  });

  it('a manifest that may not be read is there all the same', () => {
    const files = { list: () => [], read: () => refuse() };
    const refuse = () => {
      throw new InvalidInputError('TOO_LARGE', 'large');
    };
    const { isPluginOf } = surroundingsOf('hooks/hooks.json', files);
    expect(fileFormats.filter(isPluginOf).map(({ about }) => about)).toEqual([
      'Claude Code',
      'Codex',
      'Gemini CLI',
      'Copilot',
      'Qwen Code',
      'Cursor',
    ]);
  });

  it('events without hooks around them are not those of a plugin that needs hooks', () => {
    const bare = { PreToolUse: [{ hooks: [run] }] };
    const manifest = { '.claude-plugin/plugin.json': '{}' };
    expect(dialectAt(path, bare)).toBe('openhands');
    expect(read(path, bare, undefined, manifest).problems).toContainEqual(
      expect.stringContaining('"hooks" must map event names'),
    );
  });
});

describe('without a place', () => {
  it.each([
    [
      'a key that two of four systems know',
      groups('SessionStart', { statusMessage: 'x' }),
      'claude-code',
    ],
    [
      'a variable of one system',
      groups('SessionStart', { command: 'exit 0 # $CLAUDE_PROJECT_DIR' }),
      'claude-code',
    ],
    [
      'a variable in a hook of another shell key',
      { hooks: { SessionStart: [{ hooks: [{ command: 'true $extensionPath' }] }] } },
      'gemini-cli',
    ],
    [
      'name and description on the hooks of Claude Code',
      groups('PreToolUse', { name: 'n', description: 'd' }),
      'claude-code',
    ],
    ['an event that only Cursor has', flat('beforeShellExecution', { failClosed: true }), 'cursor'],
    ['an event that only Windsurf has', flat('pre_run_command'), 'windsurf'],
    ['an event that only Amazon Q has', flat('agentSpawn'), 'amazon-q'],
    ['a setting that only Amazon Q has', { tools: ['*'], ...flat('preToolUse') }, 'amazon-q'],
    ['a key that only Amazon Q has', flat('preToolUse', { timeout_ms: 1000 }), 'amazon-q'],
    [
      'most events of one system',
      { hooks: { Interrupt: [{ hooks: [run] }], Stop: [{ hooks: [run] }] } },
      'codex',
    ],
    [
      'hooks of our own with a key of ours',
      flat('preToolUse', { matcher: '*', failMode: 'block' }),
      'azure',
    ],
    ['a version and an event in PascalCase', { version: 1, ...flat('PreToolUse') }, 'copilot'],
    ['a line for Windows', flat('PreToolUse', { windows: 'x' }), 'vscode'],
    ['a version and no event', { version: 1, hooks: {} }, 'copilot'],
  ])('%s', (_, value, dialect) => {
    expect(dialectAt('hooks.json', value)).toBe(dialect);
  });

  it.each([
    [
      'a name on hooks of an event that two have',
      groups('SessionStart', { name: 'n' }),
      'claude-code or gemini-cli',
    ],
    [
      'a version and events that two have',
      { version: 1, ...flat('preToolUse') },
      'copilot or cursor',
    ],
    [
      'variables of two',
      groups('SessionStart', { command: 'exit 0 # $CLAUDE_PLUGIN_ROOT $extensionPath' }),
      'claude-code or gemini-cli',
    ],
  ])('%s: the caller is asked', (_, value, dialects) => {
    expect(read('hooks.json', value).problems).toEqual([
      expect.stringMatching(
        new RegExp(`^This could be a file of .*: name its dialect, ${dialects} `),
      ),
    ]);
  });
});

describe('the dialect that the caller names is obeyed', () => {
  it.each([
    ['cursor', flat('preToolUse'), 'cursor-hooks'],
    ['cursor', flat('preToolUse', { name: 'n' }), 'cursor-hooks'],
    ['vscode', { version: 1, ...flat('PreToolUse') }, 'vscode-hooks'],
    ['vscode', groups('PreToolUse'), 'vscode-hooks'],
    ['copilot', groups('PreToolUse'), 'copilot-hooks'],
    ['windsurf', flat('pre_run_command'), 'windsurf-hooks'],
    ['amazon-q', flat('preToolUse'), 'amazon-q-agent'],
    ['codex', groups('PreToolUse', { name: 'n' }), 'codex-hooks'],
    ['cursor', flat('preToolUse', { quiet: true }), 'hookpool'],
  ])('%s for %j', (dialect, value, format) => {
    expect(read('.github/hooks/hooks.json', value, dialect)).toMatchObject({ format, dialect });
  });

  it('a dialect whose files have another layout is that of our own hooks', () => {
    const reading = read('hooks.json', flat('PreToolUse'), 'claude-code');
    expect(reading).toMatchObject({ format: 'hookpool', dialect: 'claude-code' });
  });
});
