/** The packages that are published, in an empty folder, with nothing else. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Packed, pack } from '../../deploy/package/pack.ts';
import { MadeUpHome, treeOf } from '../support/made-up-home.ts';
import { inAllAgents, throughPlugins } from '../support/newcomer.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-package-'));
const installed = path.join(folder, 'node_modules/hookpool');
const program = path.join(folder, 'node_modules/.bin/hookpool');
let packed: Packed;
let server: RunningServer;

beforeAll(async () => {
  packed = pack(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
  const args = ['install', ...options, '--prefix', folder, packed.main, ...packed.bridges.values()];
  await promisify(execFile)('npm', args, { cwd: root });
  server = await startServer([], {}, path.join(installed, 'dist/cli/main.js'));
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  rmSync(folder, { recursive: true });
});

async function hookpool(
  args: readonly string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
  cwd = folder,
) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

const hooks = `hooks:
  PreToolUse:
    - name: no-rm
      matcher: Bash
      failMode: block
      script: |
        #!/usr/bin/env python3
        import json, sys
        if 'rm -rf' in json.load(sys.stdin)['tool_input']['command']:
            print('rm -rf is not for agents.', file=sys.stderr)
            sys.exit(2)
`;
const tests = `hooks: guard.yaml
cases:
  - name: stops rm -rf
    event: PreToolUse
    context: {tool_name: Bash, tool_input: {command: rm -rf /}}
    expect: {decision: block}
`;
const context = JSON.stringify({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'rm -rf /' },
});
const saved = (name: string, content: string) => writeFileSync(path.join(folder, name), content);

describe('the package', () => {
  test('needs no other, and has nothing that is not for its users', () => {
    expect(
      readdirSync(path.join(folder, 'node_modules')).filter((name) => name[0] !== '.'),
    ).toEqual(packed.bridges.size === 0 ? ['hookpool'] : ['@hookpool', 'hookpool']);
    const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(Object.entries(manifest.optionalDependencies)).toEqual(
      [...packed.bridges.keys()].map((name) => [name, manifest.version]),
    );
    const names = Object.keys(treeOf(installed));
    expect(names.filter((name) => /\.map$|(?<!\.d)\.ts$/.test(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['dist/cli', 'docs', 'sandbox-images/supervisor', 'deploy/bridge'],
        ...['LICENSE', 'README.md', 'dist/THIRD-PARTY.md', 'dist/index.d.ts'],
        '.claude-plugin/marketplace.json',
      ]),
    );
    // 0.8 MB of it is the compiled code.
    expect(statSync(packed.main).size).toBeLessThan(3_500_000);
  });

  test('says its version, and the image that a checkout has too', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(await hookpool(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const main = path.join(root, 'dist/cli/main.js');
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'image']);
    expect(await hookpool(['image'])).toEqual({ code: 0, stdout, stderr: '' });
    expect(await hookpool(['image', '--build'])).toMatchObject({ code: 0, stdout });
  });

  test('checks, tests and runs a hooks file', async () => {
    saved('guard.yaml', hooks);
    saved('guard.hooktest.yaml', tests);
    const checked = await hookpool(['check', '--sandbox', 'guard.yaml', 'guard.hooktest.yaml']);
    expect([checked.code, checked.stdout.split('\n').at(-2)]).toEqual([0, 'ok']);
    expect(await hookpool(['test', '.'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 passed, 0 failed/m),
    });
    expect(await hookpool(['run', '--hooks', 'guard.yaml'], context)).toMatchObject({
      code: 2,
      stderr: 'rm -rf is not for agents.\n',
    });
  });

  test('answers an agent, by itself and with a server', async () => {
    saved('guard.yaml', hooks);
    const line = ['hook', '--dialect', 'claude-code'];
    const blocked = { code: 0, stdout: expect.stringMatching(/^\{"decision":"block",.*rm -rf is/) };
    expect(await hookpool([...line, '--local', 'guard.yaml'], context)).toMatchObject(blocked);
    const sent = [...line, '--hooks', 'guard.yaml', '--server', server.url];
    expect(await hookpool(sent, context)).toMatchObject(blocked);
    // Above 64 KiB: read on a worker thread.
    const large = JSON.stringify({ ...JSON.parse(context), more: 'x'.repeat(100_000) });
    expect(await hookpool(sent, large)).toMatchObject(blocked);
  });

  test('brings a newcomer from init to a blocked call, in every agent, and out again', async () => {
    const home = new MadeUpHome();
    const env = { ...home.env, HOOKPOOL_SERVER: server.url };
    const call = async (...args: string[]) => {
      const { code, stdout, stderr } = await hookpool(args, '', env, home.project);
      expect([args, code, stderr]).toEqual([args, 0, expect.any(String)]);
      return stdout;
    };
    try {
      await call('init');
      expect(await call('test', 'guards')).toMatch(/^\d\d+ passed, 0 failed/m);
      const text = await call('bundle', '--dialect', 'claude-code', 'guards/hooks.yaml');
      const headers = { 'content-type': 'application/json' };
      const stored = await server.ask('PUT', '/v1/hooksets/guard', { text, headers });
      expect(stored.status).toBe(201);
      await inAllAgents({ home, server, main: path.join(installed, 'dist/cli/main.js') }, () =>
        call('status'),
      );
    } finally {
      home.remove();
    }
  });

  test('has plugins whose lines block', () => throughPlugins(server, installed));

  test('names commands that its user has where something is missing', async () => {
    saved('guard.yaml', hooks);
    const none = { HOOKPOOL_IMAGE: 'hookpool/sandbox:none' };
    const { code, stderr } = await hookpool(['run', '--hooks', 'guard.yaml'], context, none);
    expect([code, stderr]).toEqual([75, expect.stringContaining('`hookpool image --build`')]);
    expect(stderr).not.toMatch(/make image|deploy\//);
  });

  test('is a library, with types', async () => {
    saved(
      'program.ts',
      `import { type Decision, evaluate, parseHooksFile } from 'hookpool';
const set = parseHooksFile('guard.yaml', 'hooks: {}');
export const kind: Decision['decision'] = 'block';
// @ts-expect-error: any would take it
export const other: Decision['decision'] = 'nothing';
console.log(set.hooks.length, typeof evaluate);
`,
    );
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', path.join(root, 'node_modules/@types'), '--types', 'node'];
    const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--skipLibCheck'];
    const node = (...args: string[]) =>
      promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
    expect((await node(tsc, ...options, ...types, 'program.ts')).stdout).toBe('');
    expect((await node('program.js')).stdout).toBe('0 function\n');
  });
});
