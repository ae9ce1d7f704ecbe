/** The process of `hookpool hook`, and its command line. Needs `npm run build`; no engine. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { blockOf, context, good, useStandIns } from './bridge-calls.ts';

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

describe('the process', () => {
  const start = (server: string, args: readonly string[] = []) =>
    spawn(process.execPath, [
      main,
      'hook',
      '--dialect',
      'gemini-cli',
      '--hookset',
      'a',
      '--server',
      server,
      ...args,
    ]);
  const ended = (child: ReturnType<typeof start>) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  test('answers by its deadline when stdin never ends', async () => {
    const server = await serve(good);
    const child = start(server.url, ['--deadline', '0.5']);
    child.stdin.write('{"hook_event_name":"BeforeTool"');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect(code).toBe(2);
    expect(blockOf(stdout)).toContain('0.5 s');
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
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

  test('ends with 2 when its answer cannot be written', async () => {
    const server = await serve(
      (response) => void response.end(JSON.stringify({ stdout: 'x', stderr: '', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stdout.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
  });

  test('ends with 2 when nobody reads its answer', async () => {
    const server = await serve(
      (response) =>
        void response.end(JSON.stringify({ stdout: 'x'.repeat(1 << 20), stderr: '', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    expect(await ended(child)).toBe(2);
    child.stdout.destroy();
  });

  test('does not mind a stderr that nobody reads', async () => {
    const server = await serve(
      (response) => void response.end(JSON.stringify({ stdout: 'x', stderr: 'y', exitCode: 0 })),
    );
    const child = start(server.url);
    child.stderr.destroy();
    child.stdin.end('{"hook_event_name":"BeforeTool"}');
    const [stdout, code] = await Promise.all([text(child.stdout), ended(child)]);
    expect([code, stdout]).toEqual([0, 'x']);
  });
});
