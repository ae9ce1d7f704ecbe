/**
 * The processes of `hookpool hook` and of the native bridge, and their command line. Needs `npm run
 * build`; no engine.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { handedOver } from '../cli/hook/bridge-refusals.ts';
import { answer } from '../cli/hook/bridge-replies.ts';
import { blockOf, context, good, useStandIns } from '../support/bridge-calls.ts';
import { nativeBridge, nodeBridge, run } from '../support/bridges.ts';
import { hookpool } from '../support/cli.ts';
import { nativeBridgeFile, whyNoNativeBridge } from '../support/native-bridge.ts';

const serve = useStandIns();

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-hook-'));

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [
    ['--dialect', 'clippy', '--hookset', 'a', '--server', 'http://127.0.0.1:1'],
    'There is no dialect "clippy"',
  ],
  [['--hookset', 'a'], '--dialect is missing'],
  [['--dialect', 'codex', '--hookset', 'a', '--nope'], "Unknown option '--nope'"],
])('a mistake in the command line blocks: %j', async (args, message) => {
  const { code, stdout, stderr } = await hookpool(['hook', ...args], context);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('--help is for people', async () => {
  expect(await hookpool(['hook', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--fail-mode'),
  });
});

const notNative = whyNoNativeBridge();

describe.skipIf(notNative !== undefined)(`the native bridge ${notNative ?? ''}`, () => {
  test.each(handedOver)('gives a call to node whose server $name', async ({ server }) => {
    const asking = { dialect: 'claude-code', server: String(server), context };
    const [native, inNode] = await Promise.all([nativeBridge(asking), nodeBridge(asking)]);
    expect(native).toEqual(inNode);
    expect(blockOf(native.stdout)).toContain(String(server));
  });

  test.each([
    ['--help', 0],
    ['--dialect codex', 2],
    ['--dialect codex --hookset a --nope', 2],
    ['--dialect codex --hookset a --deadline 0x10 --server http://127.0.0.1:1', 2],
    ['--dialect codex --local /nowhere/hooks.yaml', 2],
  ])('gives the arguments %s to node', async (args, code) => {
    const inNode = `'${process.execPath}' '${main}' hook`;
    const [native, node] = await Promise.all([
      run(`'${nativeBridgeFile}' ${args}`, '{}', {}),
      run(`${inNode} ${args}`, '{}', {}),
    ]);
    expect(native).toEqual(node);
    expect(native.code).toBe(code);
  });

  test('says so and blocks where there is no node, and where it would start itself', async () => {
    const alone = path.join(folder, 'hookpool-hook');
    copyFileSync(nativeBridgeFile, alone);
    const again = `#!/bin/sh\nexec ${alone} "$@"\n`;
    writeFileSync(path.join(folder, 'hookpool'), again, { mode: 0o700 });
    const call = (args: string, PATH: string) => run(`${alone} ${args}`, context, { PATH });
    const encrypted = '--dialect codex --hookset a --server https://h';
    expect(await call('--help', '/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('neither node nor hookpool is on PATH'),
    });
    expect(await call('--help', folder)).toMatchObject({ code: 2 });
    expect(blockOf((await call(encrypted, '/nowhere')).stdout)).toContain('give http://');
  });
});

const programs = [
  ['hookpool hook', [process.execPath, main, 'hook'], true],
  ['the native bridge', [nativeBridgeFile], notNative === undefined],
] as const;

describe.each(programs)('the process of %s', (_, [program, ...first], isThere) => {
  const start = (server: string, args: readonly string[] = []) =>
    spawn(program, [
      ...first,
      ...['--dialect', 'gemini-cli', '--hookset', 'a', '--server', server],
      ...args,
    ]);
  const ended = (child: ReturnType<typeof start>) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  test.skipIf(!isThere)('answers by its deadline when stdin never ends', async () => {
    const server = await serve(good);
    const child = start(server.url, ['--deadline', '0.5']);
    child.stdin.write('{"hook_event_name":"BeforeTool"');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect(code).toBe(2);
    expect(blockOf(stdout)).toContain('0.5 s');
  });

  test.skipIf(!isThere).each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'answers when it gets %s, which some agents take for consent',
    async (signal) => {
      let child: ReturnType<typeof start> | undefined;
      const server = await serve(() => child?.kill(signal));
      child = start(server.url);
      child.stdin.end('{"hook_event_name":"BeforeTool"}');
      const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
      expect([code, blockOf(stdout)]).toEqual([
        0,
        expect.stringContaining(`it was ended by ${signal}`),
      ]);
    },
  );

  test.skipIf(!isThere)('ends with 2 when its answer cannot be written', async () => {
    const server = await serve(answer('x', ''));
    const child = start(server.url);
    child.stdout.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
  });

  test.skipIf(!isThere)('ends with 2 when nobody reads its answer', async () => {
    const server = await serve(answer('x'.repeat(1 << 20)));
    const child = start(server.url);
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
    child.stdout.destroy();
  });

  test.skipIf(!isThere)('does not mind a stderr that nobody reads', async () => {
    const server = await serve(answer('x', 'y'));
    const child = start(server.url);
    child.stderr.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect([code, stdout]).toEqual([0, 'x']);
  });
});
