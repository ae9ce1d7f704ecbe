/**
 * `hookpool test` while somebody works: --watch, Ctrl-C, and nothing left behind. Needs `npm run
 * build`.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { blocks, guardedHooks, HookTestFolder } from '../support/hook-test-folder.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');

let folder: HookTestFolder;

beforeEach(() => {
  folder = new HookTestFolder();
});

let child: ChildProcessByStdio<null, Readable, Readable>;
let text = '';
let ended: Promise<number | null>;

function start(...args: string[]): void {
  text = '';
  child = spawn(process.execPath, [main, 'test', folder.path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  ended = new Promise((resolve) => child.on('close', resolve));
}

afterEach(async () => {
  child.kill('SIGKILL');
  await ended;
  folder.remove();
});

const shows = (what: RegExp) => vi.waitFor(() => expect(text).toMatch(what), { timeout: 20_000 });
const noSandboxLeft = () =>
  vi.waitFor(async () => expect(await ownSandboxes(new Engine(), child.pid ?? 0)).toEqual([]), {
    timeout: 5_000,
  });

test('--watch runs again what changed, and Ctrl-C ends with the code of the last result', async () => {
  const other = `hooks: hooks.yaml\ncases:\n  - name: other\n    context: { hook_event_name: Stop }\n    expect: { decision: none }\n`;
  folder.put('other.hooktest.yaml', other);
  folder.putCases(blocks);
  start('--watch');
  await shows(/2 passed, 0 failed[\s\S]*Waiting/);
  const sandboxes = await ownSandboxes(new Engine(), child.pid ?? 0);

  text = '';
  folder.putCases(['wrong', 'ls', 'decision: block']);
  await shows(/FAIL {2}wrong[\s\S]*1 passed, 1 failed[\s\S]*Waiting/);
  expect(text).not.toContain('ok    other');

  text = '';
  folder.putCases(['broken', 'ls', 'decision: perhaps']);
  await shows(/hooks\.hooktest\.yaml:5:25: decision[\s\S]*Waiting/);

  text = '';
  folder.putCases(blocks);
  await shows(/ok {4}blocks rm[\s\S]*2 passed, 0 failed[\s\S]*Waiting/);

  text = '';
  folder.put('hooks.yaml', guardedHooks.replace('no rm', 'not rm'));
  await shows(/FAIL {2}blocks rm[\s\S]*ok {4}other[\s\S]*1 passed, 1 failed[\s\S]*Waiting/);
  const known = new Set(sandboxes.map(({ id }) => id));
  expect((await ownSandboxes(new Engine(), child.pid ?? 0)).some(({ id }) => known.has(id))).toBe(
    true,
  );

  child.kill('SIGINT');
  expect(await ended).toBe(1);
  await noSandboxLeft();
});

test('--watch sees a test file that comes and one that goes', async () => {
  folder.putCases(blocks);
  start('--watch');
  await shows(/1 passed, 0 failed[\s\S]*Waiting/);
  text = '';
  const file = folder.put(
    'new.hooktest.yaml',
    'hooks: hooks.yaml\ncases:\n  - name: new\n    context: { hook_event_name: Stop }\n    expect: { decision: block }\n',
  );
  await shows(/FAIL {2}new[\s\S]*1 passed, 1 failed[\s\S]*Waiting/);
  text = '';
  rmSync(file);
  await shows(/1 passed, 0 failed[\s\S]*Waiting/);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('Ctrl-C in the middle of a case ends with 130 and leaves no sandbox', async () => {
  folder.put('hooks.yaml', guardedHooks.replace('timeout: 2', 'timeout: 60'));
  folder.putCases(blocks, ['sleeps', 'sleep', 'decision: block']);
  start();
  await shows(/ok {4}blocks rm/);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(text).not.toContain('passed');
  await noSandboxLeft();
});
