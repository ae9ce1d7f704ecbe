/** `hookpool install`: places, options, and what it refuses. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookpoolHere } from '../../support/cli-here.ts';
import { MadeUpHome, treeOf } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

const settings = '.claude/settings.json';
const install = (...more: readonly string[]) => home.call('install', 'claude-code', ...more);
const hooksOf = (name = settings) =>
  (JSON.parse(home.read(name)) as { hooks: Record<string, unknown[]> }).hooks;

describe('the command in the file', () => {
  const lineOf = async (...more: readonly string[]) => {
    expect(await install('--event', 'Stop', ...more)).toMatchObject({ code: 0, stderr: '' });
    const [group] = hooksOf()['Stop'] as { hooks: { command: string }[] }[];
    return group?.hooks[0]?.command;
  };
  const node = `${process.execPath} ${path.resolve('dist/cli/main.js')} hook --dialect claude-code`;

  test('has absolute paths, never npx, and the hook set guard', async () => {
    expect(await lineOf('--bridge', 'node')).toBe(`${node} --hookset guard`);
  });

  test('has server and token file by absolute paths', async () => {
    const options = ['--bridge', 'node', '--hookset', 'a b', '--server', 'unix:///run/h.sock'];
    const line = await lineOf(...options, '--token-file', 'token');
    const token = path.join(home.project, 'token');
    expect(line).toBe(`${node} --hookset 'a b' --server unix:///run/h.sock --token-file ${token}`);
  });

  test('starts the one in sh, which reads the environment', async () => {
    const line = await lineOf('--bridge', 'sh', '--server', 'http://h:1');
    const script = path.resolve('deploy/bridge/hookpool-hook.sh');
    expect(line).toBe(`HOOKPOOL_SERVER=http://h:1 ${script} claude-code guard`);
  });

  test('of a local file stands at the events of its hooks', async () => {
    home.write('guards.yaml', 'hooks: { SessionStart: [{ script: exit 0 }] }\n');
    expect(await install('--local', 'guards.yaml')).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.stringify(hooksOf())).toContain(`--local ${home.project}/guards.yaml`);
    expect(Object.keys(hooksOf())).toEqual(['SessionStart']);
  });

  test('names the event to an agent whose context does not', async () => {
    await home.call('install', 'copilot', '--bridge', 'node');
    await home.call('install', 'copilot', '--bridge', 'sh', '--file', 'other.json');
    expect(home.read('.github/hooks/hookpool.json')).toMatch(/--event preToolUse/);
    expect(home.read('other.json')).toMatch(/HOOKPOOL_EVENT=agentStop /);
  });
});

describe('a place', () => {
  test('is that of the user with --user, by the variable of the agent where it is set', async () => {
    await install('--user');
    expect(Object.keys(treeOf(home.home))).toContain(settings);
    const other = path.join(home.home, 'elsewhere');
    const env = { ...home.env, CLAUDE_CONFIG_DIR: other };
    await hookpoolHere(['install', 'claude-code', '--user'], '', env, home.project);
    expect(Object.keys(treeOf(other))).toEqual(['settings.json']);
    expect(home.tree()).toEqual({});
  });

  test('is config.toml of Codex where that has hooks already', async () => {
    const before =
      'model = "x"\n[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "a"';
    home.write('.codex/config.toml', before);
    const { stdout } = await home.call('install', 'codex');
    expect(stdout).toMatch(/^\.codex\/config\.toml: .*\n.*\/hooks/);
    expect(home.read('.codex/config.toml')).toContain(
      `${before}\n\n[[hooks.PreToolUse]]\nmatcher = "*"\n`,
    );
    await home.call('install', 'codex', '--remove');
    expect(home.read('.codex/config.toml')).toBe(before);
    home.write('.codex/config.toml', 'model = "hooks"\n');
    expect((await home.call('install', 'codex')).stdout).toMatch(/^\.codex\/hooks\.json/);
  });

  test.each(['docker-agent', 'agentpool'])('of %s is a YAML file that is named', async (agent) => {
    const before = 'agents:\n  # the first\n  root:\n    model: x # keep\n  other: {}\n';
    home.write('a.yaml', before);
    const none = await home.call('install', agent);
    expect([none.code, none.stderr]).toEqual([
      64,
      expect.stringContaining('of a project: use --user or --file FILE'),
    ]);
    const several = await home.call('install', agent, '--file', 'a.yaml');
    expect([several.code, several.stderr]).toEqual([
      64,
      expect.stringContaining('--agent (root, other)'),
    ]);
    const args = ['--file', 'a.yaml', '--agent', 'root'];
    expect(await home.call('install', agent, ...args)).toMatchObject({ code: 0, stderr: '' });
    expect(home.read('a.yaml')).toMatch(
      / {4}model: x # keep\n {4}hooks:\n {6}pre_tool_use:\n {8}- /,
    );
    expect((await home.call('install', agent, ...args)).stdout).toContain('already');
    await home.call('install', agent, '--remove', ...args);
    expect(home.read('a.yaml')).toBe(before);
    // Only the events of tools have groups in Docker Agent.
    const end = agent === 'docker-agent' ? 'stop' : 'post_run';
    await home.call('install', agent, ...args, '--event', end);
    expect(home.read('a.yaml')).toMatch(new RegExp(`${end}:\n {8}- type: command\n`));
    await home.call('install', agent, '--remove', ...args);
    const unknown = await home.call('install', agent, '--file', 'a.yaml', '--agent', 'x');
    expect(unknown.stderr).toContain('no agent "x"; there are root, other');
    home.write('b.yaml', 'model: x\n');
    const stranger = await home.call('install', agent, '--file', 'b.yaml');
    expect(stranger.stderr).toContain('has no "agents"');
  });

  test('of Cline is an executable file for each event, and no other script is replaced', async () => {
    await home.call('install', 'cline', '--event', 'PreToolUse', '--event', 'TaskStart');
    const script = path.join(home.project, '.clinerules/hooks/TaskStart');
    expect(statSync(script).mode & 0o777).toBe(0o755);
    expect(home.read('.clinerules/hooks/TaskStart')).toMatch(/^#!\/bin\/sh\nexec \S+/);
    expect((await home.call('install', 'cline')).stdout).toContain('already');
    home.write('.clinerules/hooks/PreCompact', '#!/bin/sh\nexit 0\n');
    const { code, stderr } = await home.call('install', 'cline', '--event', 'PreCompact');
    expect([code, stderr]).toEqual([64, expect.stringContaining('is a hook of yours')]);
    await home.call('install', 'cline', '--remove');
    expect(Object.keys(home.tree())).toContain('.clinerules/hooks/PreCompact');
    expect(home.tree()).not.toHaveProperty('.clinerules/hooks/TaskStart');
  });
});

test.each([
  [['install'], 'Name an AGENT: claude-code, codex'],
  [['install', 'vim'], 'There is no agent "vim"'],
  [['install', 'codex', '.', 'x'], 'Unexpected argument "x"'],
  [['install', 'codex', '--user', '--project'], 'Choose --project or --user'],
  [
    ['install', 'codex', '--event', 'BeforeTool'],
    'codex has no event "BeforeTool". Known: PreToolUse',
  ],
  [['install', 'codex', '--local', 'none.yaml'], 'there is no such file'],
  [['install', 'codex', '--local', 'a', '--hookset', 'b'], '--local runs a file without a server'],
  [['install', 'codex', '--server', 'ftp://h'], '--server must be http'],
  [['install', 'codex', '--server', 'http://u:secret@h'], 'has a user or a password'],
  [['install', 'codex', '--bridge', 'sh', '--token-file', 't'], 'HOOKPOOL_TOKEN only'],
  [['install', 'codex', '--bridge', 'perl'], 'must be one of native, node, sh'],
  [['install', 'amazon-q', '--user'], 'of a user: hookpool install amazon-q --file FILE'],
])('%j is refused: %s', async (args, text) => {
  const { code, stderr } = await home.call(...args);
  expect([code, stderr]).toEqual([64, expect.stringContaining(text)]);
  expect(home.tree()).toEqual({});
});

test('a local file that cannot be read is refused', async () => {
  home.write('bad.yaml', 'hooks: { Stop: [{}] }\n');
  const { code, stderr } = await install('--local', 'bad.yaml');
  expect([code, stderr]).toEqual([64, expect.stringMatching(/hookpool check \S*bad\.yaml/)]);
});
