/**
 * What a newcomer does in each agent: the line of the bridge goes into a file, blocks a call as the
 * agent starts it, and comes out again.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { plugins } from '../../deploy/plugins/trees.ts';
import { agentNames, namedAgent } from '../../src/cli/install/places.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { readers } from '../answering/readers.ts';
import { agents, inShell } from './bridged-agents.ts';
import { run } from './bridges.ts';
import type { MadeUpHome } from './made-up-home.ts';
import type { RunningServer } from './server.ts';

/** Calls the program several times in one process, as a start takes 0.3 s of CPU time. */
const driver = `
const [main, calls] = process.argv.slice(1);
process.setMaxListeners(0);
(async () => {
  for (const args of JSON.parse(calls)) {
    process.argv = [process.execPath, main, ...args];
    for (const loaded of Object.keys(require.cache)) delete require.cache[loaded];
    const code = await new Promise((resolve) => {
      process.exit = resolve;
      require(main);
    });
    if (code !== 0) throw new Error(JSON.stringify(args) + ' ended with ' + code);
  }
  process.reallyExit(0);
})();
`;

interface Newcomer {
  readonly home: MadeUpHome;
  readonly server: RunningServer;
  /** The program of the package. */
  readonly main: string;
}

/** Files that are there before, with the text that has to be there afterwards. */
const before: Readonly<Record<string, string>> = {
  '.claude/settings.json': '{\r\n\t"model": "x", // mine\r\n}',
  '.codex/config.toml':
    'model = "x"\n\n[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "a"',
  '.gemini/settings.json': '{"theme": "x", "hooks": {}}',
  'docker-agent.yaml': 'agents:\n  root:\n    model: x # mine\n',
  'agentpool.yaml': 'agents:\n  root:\n    model: x',
  'amazon-q.json': '{}\n',
};

/** @param meanwhile is called while the line is in every file. */
export async function inAllAgents(
  { home, server, main }: Newcomer,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  for (const [file, text] of Object.entries(before)) home.write(file, text);
  const tree = home.tree();
  for (const name of agentNames) await store(server, name);
  const hookset = (name: string) => ['--hookset', name === 'claude-code' ? 'guard' : name];
  const at = (name: string) => [
    name,
    ...(fileOf(name) === undefined ? [] : ['--file', String(fileOf(name))]),
  ];
  const start = (calls: readonly string[][]) =>
    promisify(execFile)(
      process.execPath,
      ['--input-type=commonjs', '-e', driver, main, JSON.stringify(calls)],
      { cwd: home.project, env: { ...process.env, ...home.env, HOOKPOOL_SERVER: server.url } },
    );
  await start(agentNames.map((name) => ['install', ...at(name), ...hookset(name)]));
  for (const name of agentNames) await blocks(home, server, name);
  await meanwhile();
  await start(agentNames.map((name) => ['install', ...at(name), '--remove']));
  expect(home.tree()).toEqual(tree);
}

const fileOf = (name: string) => Object.keys(before).find((file) => file.startsWith(`${name}.`));

/** A hook set with the agent's name, which blocks one command. */
async function store(server: RunningServer, name: string): Promise<void> {
  const script = `#!/bin/bash\n[[ $(cat) != *"push --force"* ]] || { echo 'A forced push.' >&2; exit 2; }\n`;
  const hook = { name: 'guard', failMode: 'block', script };
  const json = { dialect: name, hooks: { [gateOf(name)]: [hook] } };
  const { status, text } = await server.ask('PUT', `/v1/hooksets/${name}`, { json });
  expect(status, `${name}: ${text}`).toBeLessThan(300);
}

const gateOf = (name: string) => namedAgent(name).format.bridge.events[0];

/** Starts the line that stands in the file, with a shell, as the agent does. */
async function blocks(home: MadeUpHome, server: RunningServer, name: string): Promise<void> {
  const { bridge } = namedAgent(name).format;
  const files = Object.entries(home.tree()).filter(([, text]) =>
    text.includes(`--dialect ${name} `),
  );
  expect(
    files.map(([file]) => file),
    name,
  ).toHaveLength(1);
  const [[file, text] = ['', '']] = files;
  const line =
    bridge.layout === 'script' ? `'${path.join(home.project, file)}'` : lineIn(text, name);
  await told(name, line, { HOOKPOOL_SERVER: server.url });
}

/** The first command, as the file's syntax has it; no path here needs an escape. */
function lineIn(text: string, name: string): string {
  const [, line] = /(?:command|bash)"?(?::| =) "?([^"\n]*--dialect [^"\n]*)/.exec(text) ?? [];
  return line ?? expect.unreachable(`${name} has no line in ${text}`);
}

async function told(name: string, line: string, env: NodeJS.ProcessEnv): Promise<void> {
  const agent = agents.find(({ dialect }) => dialect === name);
  const context = agent?.context('git push --force') ?? JSON.stringify(inShell('git push --force'));
  const { code, stdout, stderr } = await run(line, context, env);
  expect(`${stdout}${stderr}`, name).toMatch(/orced push/);
  expect([name, readers[name]?.(gateOf(name), { exitCode: code ?? -1, stdout, stderr })]).toEqual([
    name,
    'block',
  ]);
}

/** The first line of each plugin, with the folder of the plugin where the agent puts it. */
export async function throughPlugins(server: RunningServer, root: string): Promise<void> {
  for (const { dialect, folder } of plugins) {
    const place = path.join(root, 'deploy/plugins', dialect);
    const text = readFileSync(path.join(place, 'hooks/hooks.json'), 'utf8');
    const [first] = Object.values((JSON.parse(text) as { hooks: JsonObject }).hooks).flat();
    const [, quoted = ''] =
      /"(?:command|bash)":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(first)) ?? [];
    const line = (JSON.parse(quoted) as string).replaceAll(folder, place);
    await store(server, dialect);
    await told(dialect, line, { HOOKPOOL_SERVER: server.url, HOOKPOOL_HOOKSET: dialect });
  }
}
