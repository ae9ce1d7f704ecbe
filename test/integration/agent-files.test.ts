/**
 * The hook files of other agents, as `hookpool run` and `hookpool check` take them. Calls for the first
 * file, and of check, are of the built command; needs `npm run build`.
 */
import path from 'node:path';
import { expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';

const sample = (name: string) => path.join(import.meta.dirname, '../fixtures/agent-files', name);

const bash = (command: string) => ({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command },
});
const shell = (cmd: string) => ({
  hook_event_name: 'pre_tool_use',
  tool_name: 'shell',
  tool_input: { cmd },
});
const write = (content: string) => ({
  hook_event_name: 'BeforeTool',
  tool_name: 'write_file',
  tool_input: { content },
});
const pool = (command: string) => ({
  event: 'pre_tool_use',
  tool_name: 'bash',
  tool_input: { command },
});
const hands = (command: string) => ({
  event_type: 'PreToolUse',
  tool_name: 'terminal',
  tool_input: { command },
});
const copilot = (command: string) => ({ toolName: 'bash', toolArgs: { command } });
const crush = (command: string) => ({
  event: 'PreToolUse',
  tool_name: 'bash',
  tool_input: { command },
});

test.each([
  [
    'claude-settings.json',
    'PreToolUse',
    bash('git push --force'),
    bash('git push'),
    'No force pushes.',
  ],
  [
    'gemini-settings.json',
    'BeforeTool',
    write('-----BEGIN PRIVATE KEY-----'),
    write('text'),
    'That is a private key.',
  ],
  ['codex-hooks.json', 'PreToolUse', bash('sudo rm x'), bash('ls'), 'No sudo.'],
  [
    'codex-config.toml',
    'PreToolUse',
    bash('chmod 777 x'),
    bash('chmod 600 x'),
    'Not for everybody.',
  ],
  ['docker-agent.yaml', 'pre_tool_use', shell('rm -rf /'), shell('ls'), 'Not the whole disk.'],
  [
    'docker-agent-strict.yaml',
    'pre_tool_use',
    shell('git push --force'),
    shell('git push'),
    'No force pushes.',
  ],
  ['agentpool.yaml', 'pre_tool_use', pool('mkfs /dev/sda'), pool('ls'), 'No new file systems.'],
  [
    'openhands-hooks.json',
    'PreToolUse',
    hands('psql -c "DROP TABLE x"'),
    hands('ls'),
    'The tables stay.',
  ],
  [
    'copilot-hooks.json',
    'preToolUse',
    copilot('cat /etc/shadow'),
    copilot('ls'),
    'Leave /etc alone.',
  ],
  ['crush.json', 'PreToolUse', crush('rm -rf x'), crush('rm x'), 'Name the files.'],
])(
  'the guard in %s blocks what it should, and nothing else',
  async (file, event, bad, good, reason) => {
    const call = file === 'claude-settings.json' ? hookpool : hookpoolHere;
    const run = (context: object) =>
      call(['run', '--json', '--hooks', sample(file), '--event', event], JSON.stringify(context));
    const [blocked, passed] = [await run(bad), await run(good)];
    expect(JSON.parse(blocked.stdout)).toMatchObject({
      decision: 'block',
      reason: expect.stringContaining(reason),
    });
    expect(blocked).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) });
    expect(JSON.parse(passed.stdout).decision).toMatch(/^(none|allow)$/);
    expect(passed.code).toBe(0);
  },
);

test('check names format and dialect, and parses the commands inside a sandbox', async () => {
  const { code, stdout } = await hookpool([
    'check',
    '--json',
    sample('docker-agent-strict.yaml'),
    sample('codex-config.toml'),
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).hooks).toMatchObject([
    {
      format: 'docker-agent',
      dialect: 'docker-agent-strict',
      name: 'no-force-push',
      failMode: 'block',
      timeoutMs: 5_000,
    },
    { format: 'docker-agent', dialect: 'docker-agent-strict', name: 'turn_start[0]' },
    { format: 'codex-hooks', dialect: 'codex', name: 'PreToolUse[0]', timeoutMs: 10_000 },
    { format: 'codex-hooks', dialect: 'codex', name: 'UserPromptSubmit[0]' },
  ]);
});

test('--dialect and --agent say what a file leaves open; a name that does not exist is told', async () => {
  const file = sample('openhands-hooks.json');
  const check = (...options: string[]) =>
    hookpoolHere(['check', '--static', '--json', ...options, file]);
  expect(JSON.parse((await check('--dialect', 'codex')).stdout).hooks).toMatchObject([
    { dialect: 'codex' },
    { dialect: 'codex' },
  ]);
  expect(await check('--dialect', 'x')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('no dialect "x"'),
  });
  const agent = await hookpoolHere([
    'check',
    '--static',
    '--agent',
    'helper',
    sample('docker-agent.yaml'),
  ]);
  expect(agent).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('No agent "helper" with hooks. There are: root.'),
  });
});
