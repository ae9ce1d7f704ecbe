/** `hookpool install --user`: the file of each agent in the home folder, and out of it again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentNames } from '../../../src/cli/install/places.ts';
import { hookpoolHere } from '../../support/cli-here.ts';
import { MadeUpHome, treeOf } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

const places: Readonly<Record<string, string>> = {
  'claude-code': '.claude/settings.json',
  codex: '.codex/hooks.json',
  'gemini-cli': '.gemini/settings.json',
  'docker-agent': '.config/cagent/config.yaml',
  openhands: '.openhands/hooks.json',
  copilot: '.copilot/hooks/hookpool.json',
  crush: '.config/crush/crush.json',
  'qwen-code': '.qwen/settings.json',
  cline: 'Documents/Cline/Hooks/PreToolUse',
  cursor: '.cursor/hooks.json',
  windsurf: '.codeium/windsurf/hooks.json',
  vscode: '.copilot/hooks/hookpool-vscode.json',
};
/** AgentPool adds hooks to the agents that its file has. */
const without = ['agentpool', 'amazon-q'];

test('every agent has a place, or is known to have none that is fixed', () => {
  expect([...Object.keys(places), ...without].toSorted()).toEqual([...agentNames].toSorted());
});

test.each(Object.entries(places))('%s: %s, which is made and goes again', async (agent, file) => {
  const install = (...args: string[]) => home.call('install', agent, '--user', ...args);
  expect(await install()).toMatchObject({ code: 0, stderr: '' });
  // What hookpool keeps of it lies in .local/state.
  const made = () =>
    Object.keys(treeOf(home.home)).filter((name) => !name.startsWith('.local') && isFile(name));
  const isFile = (name: string) => /\.(json|yaml)$|Hooks\/\w+$/.test(name);
  expect(made()).toEqual([file]);
  expect((await install()).stdout).toContain('already');
  const { stdout } = await home.call('status');
  expect(stdout).toContain(`${path.join(home.home, file)} `);
  await install('--remove');
  expect(Object.keys(treeOf(home.home)).filter((name) => !name.startsWith('.local'))).toEqual([]);
  expect(home.tree()).toEqual({});
});

const write = (file: string, text: string) => {
  const place = path.join(home.home, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  return () => readFileSync(place, 'utf8');
};

test('the hooks of all agents of Docker Agent are among its settings', async () => {
  const before = 'version: v1\nsettings:\n  theme: dracula # mine\naliases: {}\n';
  const read = write('.config/cagent/config.yaml', before);
  await home.call('install', 'docker-agent', '--user');
  expect(read()).toMatch(
    /^version: v1\nsettings:\n {2}theme: dracula # mine\n {2}hooks:\n {4}pre_tool_use:\n {6}- matcher/,
  );
  await home.call('install', 'docker-agent', '--user', '--remove');
  expect(read()).toBe(before);
});

test('lines of every agent of AgentPool are found and taken out', async () => {
  const before = 'agents:\n  a:\n    model: x\n  b:\n    model: y\n';
  const read = write('.config/agentpool/agentpool.yml', before);
  const none = await home.call('install', 'agentpool', '--user');
  expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining('--agent (a, b)') });
  await home.call('install', 'agentpool', '--user', '--agent', 'b');
  expect((await home.call('status')).stdout).toContain('AgentPool: hookpool has no decision');
  await home.call('install', 'agentpool', '--user', '--remove');
  expect(read()).toBe(before);
});

test('the folder of Qwen Code is the one that its variable names', async () => {
  const other = path.join(home.home, 'elsewhere');
  const env = { ...home.env, QWEN_HOME: other };
  await hookpoolHere(['install', 'qwen-code', '--user'], '', env, home.project);
  expect(Object.keys(treeOf(other))).toEqual(['settings.json']);
});
