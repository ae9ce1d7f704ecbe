/** The plugins of the agents: the files of the repository, and what their launcher starts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOf, pluginFiles, plugins } from '../../deploy/plugins/trees.ts';
import { findDialect } from '../../src/agents/registry.ts';
import { openProject, projectFolderOf } from '../../src/cli/project-folder.ts';
import { callsBridge } from '../../src/files/bridge-line.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { readers } from '../answering/readers.ts';
import { run } from '../support/bridges.ts';
import { treeOf } from '../support/made-up-home.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

describe('the files of the plugins', () => {
  test('are those that `npm run plugins` writes, and no others', () => {
    const made = pluginFiles();
    for (const [name, text] of made) expect(read(name), name).toBe(text);
    for (const plugin of plugins) {
      const place = placeOf(plugin);
      const files = Object.entries(treeOf(path.join(root, place))).filter(([, text]) => text);
      expect(files.map(([name]) => `${place}/${name}`).toSorted()).toEqual(
        [...made.keys()].filter((name) => name.startsWith(`${place}/`)).toSorted(),
      );
    }
  });

  test('a marketplace names a folder that is there', () => {
    const files = plugins.flatMap(({ marketplace }) => marketplace?.file ?? []);
    expect(files).toHaveLength(3);
    for (const file of files) {
      const [{ source }] = JSON.parse(read(file)).plugins;
      const folder = path.normalize(source.path ?? source);
      expect(pluginFiles().has(`${folder}/hooks/hooks.json`), file).toBe(true);
    }
  });
});

describe.each(plugins)('the plugin of $dialect', (plugin) => {
  const { dialect, folder, without = {} } = plugin;
  const file = path.join(root, placeOf(plugin), 'hooks/hooks.json');
  const text = readFileSync(file, 'utf8');
  const commands = [...text.matchAll(/"(?:command|bash)": ("\/bin\/sh .*")/g)].map(([, quoted]) =>
    String(JSON.parse(String(quoted))),
  );

  test('is read as a file of the agent, with every event and nothing to object', () => {
    const project = openProject(projectFolderOf(file));
    const cats = text.replaceAll(/"\/bin\/sh .*"/g, '"cat"');
    const set = parseHooksFile('hooks.json', cats, { path: file }, project);
    expect([set.dialect.name, set.warnings ?? []]).toEqual([dialect, []]);
    const { events } = findDialect(dialect);
    expect(set.hooks.map(({ hook }) => hook.event)).toEqual(
      Object.keys(events).filter((event) => !Object.hasOwn(without, event)),
    );
    for (const { hook } of set.hooks) expect(hook.timeoutMs, hook.event).toBeGreaterThan(25_000);
  });

  test('starts the bridge at each event, with its name', () => {
    const wired = Object.keys(JSON.parse(text).hooks);
    expect(commands.map((command) => command.split(' ').slice(2).join(' '))).toEqual(
      wired.map((event) => expect.stringMatching(new RegExp(`^${dialect} ${event}( 1)?$`))),
    );
    for (const command of commands) {
      expect(command).toContain(`/bin/sh "${folder}/bridge/hookpool-hook" `);
      expect(callsBridge(command)).toBe(true);
    }
  });

  test('blocks, and names the setting, where no server is configured', async () => {
    const [command = ''] = commands;
    const [event = ''] = Object.keys(JSON.parse(text).hooks);
    const answer = await start(plugin, command, {});
    expect(answer.stdout + answer.stderr).toContain(
      'hookpool has no decision: no server is configured, so set HOOKPOOL_SERVER',
    );
    const said = { ...answer, exitCode: answer.code ?? -1 };
    expect(readers[dialect]?.(event, said)).toBe('block');
  });
});

/** A folder with the tools of a machine without any hookpool, and one for what a test adds. */
const made = mkdtempSync(path.join(tmpdir(), 'hookpool-plugins-'));
const [tools, added] = [path.join(made, 'tools'), path.join(made, 'added')];
beforeAll(() => {
  for (const folder of [tools, added]) mkdirSync(folder);
  for (const tool of ['sh', 'cat', 'readlink', 'grep', 'sed', 'sort', 'mktemp', 'rm'])
    symlinkSync(place(tool), path.join(tools, tool));
});
afterAll(() => rmSync(made, { recursive: true }));

const place = (tool: string) =>
  String(
    process.env['PATH']
      ?.split(':')
      .map((folder) => path.join(folder, tool))
      .find(isThere),
  );
const isThere = (file: string) => {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
};

/** Starts a command as the agent does, which tells the folder of the plugin. */
function start(plugin: (typeof plugins)[number], command: string, env: NodeJS.ProcessEnv) {
  const folder = path.join(root, placeOf(plugin));
  const name = plugin.folder.slice(2, -1);
  // Gemini CLI replaces the name of the folder itself.
  const line = command.replaceAll(plugin.folder, name === 'extensionPath' ? folder : plugin.folder);
  const none = { HOOKPOOL_SERVER: undefined, HOOKPOOL_TOKEN: undefined };
  return run(line, '{}', { ...none, PATH: `${added}:${tools}`, [name]: folder, ...env });
}

describe('the launcher of the plugins', () => {
  const [claude] = plugins;
  const ask = (env: NodeJS.ProcessEnv) =>
    claude === undefined
      ? expect.unreachable()
      : start(
          claude,
          `/bin/sh "${claude.folder}/bridge/hookpool-hook" claude-code PreToolUse`,
          env,
        );
  /** A program that prints its name, its arguments, and the settings that it sees. */
  const says = (name: string) =>
    `#!/bin/sh\necho ${name} "$@" server=$HOOKPOOL_SERVER token=\${HOOKPOOL_TOKEN-none}\n`;
  const add = (file: string, name = path.basename(file)) => {
    mkdirSync(path.dirname(path.join(added, file)), { recursive: true });
    writeFileSync(path.join(added, file), says(name), { mode: 0o755 });
  };
  const options = '--dialect claude-code --hookset guard --event PreToolUse --deadline 25';
  const local = { HOOKPOOL_SERVER: 'http://127.0.0.1:1' };

  test('takes the native bridge on PATH', async () => {
    add('hookpool-hook');
    const { stdout } = await ask(local);
    expect(stdout).toBe(`hookpool-hook ${options} server=http://127.0.0.1:1 token=none\n`);
    const far = await ask({ HOOKPOOL_SERVER: 'https://127.0.0.1:1' });
    expect(far).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no curl') });
    rmSync(path.join(added, 'hookpool-hook'));
  });

  test.each([
    'lib/hookpool/dist/native/hookpool-hook',
    'lib/hookpool/node_modules/@hookpool/bridge-linux-x64/hookpool-hook',
    'lib/@hookpool/bridge-linux-x64/hookpool-hook',
  ])('takes that of the package of the hookpool on PATH: %s', async (file) => {
    add('lib/hookpool/dist/cli/main.js', 'hookpool');
    symlinkSync('lib/hookpool/dist/cli/main.js', path.join(added, 'hookpool'));
    expect((await ask(local)).stdout).toMatch(`hookpool hook ${options}`);
    add(file);
    expect((await ask(local)).stdout).toMatch(`hookpool-hook ${options}`);
    add('curl');
    expect((await ask({ HOOKPOOL_SERVER: 'https://h' })).stderr).toContain('no decision');
    for (const name of ['lib', 'hookpool', 'curl'])
      rmSync(path.join(added, name), { recursive: true });
  });

  test('takes what was configured for the plugin before the environment, and none of that', async () => {
    add('hookpool-hook');
    const env = { ...local, HOOKPOOL_TOKEN: 'theirs', HOOKPOOL_HOOKSET: 'theirs' };
    expect((await ask(env)).stdout).toMatch(/--hookset theirs .*token=theirs/);
    const chosen = { ...env, CLAUDE_PLUGIN_OPTION_SERVER: 'http://127.0.0.1:2' };
    expect((await ask(chosen)).stdout).toMatch(
      /--hookset guard .*server=http:..127.0.0.1:2 token=none/,
    );
    const more = { CLAUDE_PLUGIN_OPTION_TOKEN: 'mine', CLAUDE_PLUGIN_OPTION_HOOKSET: 'my' };
    expect((await ask({ ...chosen, ...more })).stdout).toMatch(/--hookset my .*token=mine/);
    rmSync(path.join(added, 'hookpool-hook'));
  });

  test('blocks where no program of a bridge is there', async () => {
    const nothing = { PATH: added, ...local };
    for (const env of [local, nothing, { PATH: added }])
      expect(await ask({ ...env })).toMatchObject({ code: 2, stdout: '' });
  });
});
