/** The way of a newcomer: the package that npm packs, in an empty folder, with nothing else. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../support/server.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-package-'));
const installed = path.join(folder, 'node_modules/hookpool');
const program = path.join(folder, 'node_modules/.bin/hookpool');
let packed: { readonly files: readonly { readonly path: string }[]; readonly size: number };

beforeAll(async () => {
  const npm = (...args: string[]) => promisify(execFile)('npm', args, { cwd: root });
  // Without scripts: dist/ is what the other tests use.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [made] = JSON.parse((await npm(...pack)).stdout);
  packed = made;
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
  await npm('install', ...options, '--prefix', folder, path.join(folder, made.filename));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function hookpool(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env } });
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
  test('is the only one that is installed, and has nothing that is not for its users', () => {
    expect(
      readdirSync(path.join(folder, 'node_modules')).filter((name) => name[0] !== '.'),
    ).toEqual(['hookpool']);
    const names = packed.files.map((file) => file.path);
    expect(names.filter((name) => /\.map$|(?<!\.d)\.ts$/.test(name))).toEqual([]);
    const folders = new Set(names.map((name) => name.split('/').slice(0, -1).join('/')));
    for (const known of ['dist/cli', 'docs', 'sandbox-images/supervisor', 'deploy/bridge'])
      expect(folders).toContain(known);
    expect(names).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD-PARTY.md', 'dist/index.d.ts']),
    );
    // 0.8 MB of it is the compiled code.
    expect(packed.size).toBeLessThan(3_500_000);
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
    const server = await startServer([], {}, path.join(installed, 'dist/cli/main.js'));
    try {
      const sent = [...line, '--hooks', 'guard.yaml', '--server', server.url];
      expect(await hookpool(sent, context)).toMatchObject(blocked);
      // Above 64 KiB: read on a worker thread.
      const large = JSON.stringify({ ...JSON.parse(context), more: 'x'.repeat(100_000) });
      expect(await hookpool(sent, large)).toMatchObject(blocked);
    } finally {
      server.child.kill('SIGTERM');
      await server.exited;
    }
  });

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
