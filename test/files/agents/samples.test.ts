/** The hook files in test/fixtures/agent-files, with the script files that they name. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProject } from '../../../src/cli/project-folder.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { scriptOf } from '../../../src/protocol/action.ts';

const folder = path.join(import.meta.dirname, '../../fixtures/agent-files');

describe('the samples', () => {
  it.each([
    [
      'claude-settings.json',
      'claude-code-settings',
      'claude-code',
      ['PreToolUse PreToolUse[0] 5', 'PreToolUse PreToolUse[1] 600', 'Stop Stop[0] 600'],
    ],
    [
      'gemini-settings.json',
      'gemini-cli-settings',
      'gemini-cli',
      ['BeforeTool no-secrets 5', 'SessionStart SessionStart[0] 60'],
    ],
    [
      'codex-hooks.json',
      'codex-hooks',
      'codex',
      ['PreToolUse PreToolUse[0] 20', 'Stop Stop[0] 600'],
    ],
    [
      'codex-config.toml',
      'codex-hooks',
      'codex',
      ['PreToolUse PreToolUse[0] 10', 'UserPromptSubmit UserPromptSubmit[0] 600'],
    ],
    [
      'docker-agent.yaml',
      'docker-agent',
      'docker-agent',
      ['pre_tool_use pre_tool_use[0] 10', 'session_start session_start[0] 60'],
    ],
    [
      'docker-agent-strict.yaml',
      'docker-agent',
      'docker-agent-strict',
      ['pre_tool_use no-force-push 5', 'turn_start turn_start[0] 60'],
    ],
    [
      'agentpool.yaml',
      'agentpool',
      'agentpool',
      ['pre_run pre_run[0] 60', 'pre_tool_use pre_tool_use[0] 2.5'],
    ],
    [
      'openhands-hooks.json',
      'openhands-hooks',
      'openhands',
      ['PreToolUse PreToolUse[0] 10', 'Stop Stop[0] 60'],
    ],
    [
      'copilot-hooks.json',
      'copilot-hooks',
      'copilot',
      ['preToolUse preToolUse[0] 15', 'sessionStart sessionStart[0] 30'],
    ],
    ['crush.json', 'crush-config', 'crush', ['PreToolUse no-rm 10']],
    [
      'cursor-hooks.json',
      'cursor-hooks',
      'cursor',
      ['beforeShellExecution beforeShellExecution[0] 10', 'stop stop[0] 60'],
    ],
    [
      'windsurf-hooks.json',
      'windsurf-hooks',
      'windsurf',
      ['pre_run_command pre_run_command[0] 60', 'post_write_code post_write_code[0] 60'],
    ],
    [
      'vscode-hooks.json',
      'vscode-hooks',
      'vscode',
      ['PreToolUse PreToolUse[0] 15', 'SessionStart SessionStart[0] 30'],
    ],
    [
      'amazon-q-agent.json',
      'amazon-q-agent',
      'amazon-q',
      ['agentSpawn agentSpawn[0] 30', 'preToolUse preToolUse[0] 2.5'],
    ],
    ['PreToolUse', 'cline-script', 'cline', ['PreToolUse PreToolUse[0] 30']],
  ])('%s is %s under %s', (name, format, dialect, hooks) => {
    const set = parseHooksFile(
      name,
      readFileSync(path.join(folder, name), 'utf8'),
      {},
      openProject(folder),
    );
    expect(set).toMatchObject({ file: name, format, dialect: { name: dialect } });
    expect(
      set.hooks.map(({ hook }) => `${hook.event} ${hook.name} ${hook.timeoutMs / 1000}`),
    ).toEqual(hooks);
    expect(
      set.hooks.every(({ hook }) => hook.tier === 'agent' && scriptOf(hook)?.runtime === 'bash'),
    ).toBe(true);
  });
});
