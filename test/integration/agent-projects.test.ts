/**
 * Hook files of every format whose commands start script files of their project, in real sandboxes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProject, projectFolderOf } from '../../src/cli/project-folder.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { hookpool } from '../support/cli.ts';
import { testPool } from '../support/pool.ts';

const project = path.join(import.meta.dirname, '../fixtures/agent-files/project');
let pool: Pool;

beforeAll(() => {
  pool = testPool({ max: 2 });
});

afterAll(() => pool.drain());

function decide(name: string, event: string, context: object) {
  const file = path.join(project, name);
  const { dialect, hooks } = parseHooksFile(
    file,
    readFileSync(file, 'utf8'),
    {},
    openProject(projectFolderOf(file)),
  );
  const request = {
    dialect,
    event,
    hooks: hooks.map(({ hook }) => hook),
    context: Buffer.from(JSON.stringify(context)),
  };
  return evaluate(request, (job, signal) => execute(pool, job, signal));
}

const tool = (tool_name: string) => (command: string) => ({ tool_name, tool_input: { command } });

test.each([
  [
    '.claude/settings.json',
    'PreToolUse',
    tool('Bash'),
    'no rm from /project/scripts/guard.sh in /project',
  ],
  [
    '.claude/exec.json',
    'PreToolUse',
    tool('Bash'),
    'no rm from /project/scripts/guard.py in /project',
  ],
  [
    '.gemini/settings.json',
    'BeforeTool',
    tool('run_shell_command'),
    "no rm from /project/scripts/guard.sh in /project, it's me",
  ],
  ['.codex/hooks.json', 'PreToolUse', tool('Bash'), 'no rm from scripts/guard.py in /project'],
  [
    '.openhands/hooks.json',
    'PreToolUse',
    tool('shell_tool'),
    'no rm from scripts/guard.sh in /project',
  ],
  [
    '.github/hooks/copilot.json',
    'preToolUse',
    (command: string) => ({ toolName: 'bash', toolArgs: { command } }),
    /* Copilot hides what a hook says that fails. */ undefined,
  ],
  [
    'docker-agent.yaml',
    'pre_tool_use',
    tool('shell'),
    'no rm from ./guard.py in /project/scripts hi',
  ],
  [
    'agentpool.yaml',
    'pre_tool_use',
    tool('bash'),
    'no rm from /project/scripts/guard.py in /project hi',
  ],
  ['crush.json', 'PreToolUse', tool('bash'), 'no rm from /project/scripts/guard.sh in /project'],
  ['hooks.yaml', 'PreToolUse', tool('Bash'), 'no rm from __main__ of guards in /project'],
  ['hooks.yaml', 'PreToolUse', tool('Write'), 'no rm from scripts/guard.sh in /project, hi'],
  ['hooks.yaml', 'PreToolUse', tool('Read'), 'no rm from /project'],
])('%s: the script file of a %s hook decides', async (file, event, context, reason) => {
  const [blocked, passed] = [
    await decide(file, event, context('rm -rf /')),
    await decide(file, event, context('ls')),
  ];
  expect(blocked).toMatchObject({ decision: 'block', cause: { kind: 'exit-code' } });
  if (reason !== undefined) expect(blocked.reason).toContain(reason);
  expect(passed).toMatchObject({ decision: expect.stringMatching(/none|allow/), diagnostics: [] });
});

describe('on the command line', () => {
  const settings = path.join(project, '.claude/settings.json');
  const context = JSON.stringify({ hook_event_name: 'PreToolUse', ...tool('Bash')('rm') });

  test('check lists what goes along, and with --strict refuses what the project that is named does not have', async () => {
    const { stdout } = await hookpool(['check', '--static', '--json', settings]);
    expect(JSON.parse(stdout).hooks).toMatchObject([
      { files: ['scripts/guard.sh', 'scripts/lib/say.sh'] },
    ]);
    const wrong = await hookpool([
      'check',
      '--static',
      '--strict',
      '--project',
      path.join(project, 'scripts'),
      settings,
    ]);
    expect(wrong).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/needs the file \$CLAUDE_PROJECT_DIR.*--project/),
    });
  });

  test('bundle makes one document that decides without the project', async () => {
    const { stdout, code } = await hookpool(['bundle', settings]);
    expect(code).toBe(0);
    const { hooks, dialect } = parseHooksFile('bundled.json', stdout);
    const request = {
      dialect,
      hooks: hooks.map(({ hook }) => hook),
      context: Buffer.from(context),
    };
    const decision = await evaluate(request, (job, signal) => execute(pool, job, signal));
    expect(decision).toMatchObject({
      decision: 'block',
      reason: expect.stringContaining('no rm from'),
    });
  });

  test('hook --local blocks in the words of the agent', async () => {
    const run = await hookpool(['hook', '--dialect', 'claude-code', '--local', settings], context);
    expect(JSON.stringify(run)).toContain('no rm from /project/scripts/guard.sh');
  });
});
