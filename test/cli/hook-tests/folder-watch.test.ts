import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderWatch } from '../../../src/cli/hook-tests/folder-watch.ts';

let folder = '';
let watch: FolderWatch;
const file = (name: string) => path.join(folder, name);
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-watch-'));
  mkdirSync(file('sub'));
  watch = new FolderWatch();
  watch.follow([folder]);
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

it('several changes at once are one portion', async () => {
  const next = watch.next(never);
  for (const name of ['a', 'b', 'a']) writeFileSync(file(name), name);
  expect([...(await next)].toSorted()).toEqual([file('a'), file('b')]);
});

it('changes while nobody asks wait for the next one who does', async () => {
  const first = watch.next(never);
  writeFileSync(file('a'), '');
  await first;
  writeFileSync(file('b'), '');
  // Longer than the quiet time: the portion is due while nobody asks.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([...(await watch.next(never))]).toEqual([file('b')]);
});

it('sees a file that an editor replaces by a rename', async () => {
  writeFileSync(file('a'), 'old');
  await watch.next(never);
  writeFileSync(file('sub/a.tmp'), 'new');
  renameSync(file('sub/a.tmp'), file('a'));
  expect(await watch.next(never)).toContain(file('a'));
});

it('follows the folders that it is told, and one that is not there does no harm', async () => {
  watch.follow([file('sub'), file('nope')]);
  const next = watch.next(never);
  writeFileSync(file('a'), '');
  writeFileSync(file('sub/b'), '');
  expect([...(await next)]).toEqual([file('sub/b')]);
});

it('answers with nothing when it is told to stop', async () => {
  const controller = new AbortController();
  const next = watch.next(controller.signal);
  controller.abort();
  expect((await next).size).toBe(0);
  expect((await watch.next(controller.signal)).size).toBe(0);
});
