/** Threads of our own modules start however the parent's code came into its process. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startThread } from '../src/thread-entry.ts';

const folder = path.join(import.meta.dirname, 'fixtures/threads');
const from = (file: string) => new URL(`fixtures/threads/${file}`, import.meta.url).href;

test('a TypeScript module starts under vitest, with its imports', async () => {
  const worker = startThread(from('start.ts'), './echo', {
    name: 'echo',
    workerData: 'from vitest',
  });
  expect(await once(worker, 'message')).toEqual([{ told: 'from vitest', execArgv: [] }]);
  expect(await once(worker, 'exit')).toEqual([0]);
});

test('a JavaScript module starts without a loader', async () => {
  const worker = startThread(from('parent.js'), './plain', { name: 'plain', workerData: 1 });
  expect(await once(worker, 'message')).toEqual([{ told: '1', execArgv: [] }]);
  await worker.terminate();
});

test('a TypeScript module starts in a process of tsx, whatever its folder and its arguments', async () => {
  const tsx = new URL('../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
  const argv = ['--no-warnings', '--import', tsx, path.join(folder, 'start.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: '/' });
  expect(JSON.parse(stdout)).toEqual({ told: 'from a process', execArgv: [] });
});

test('a module that is not there is an error of the thread', async () => {
  const worker = startThread(from('start.ts'), './nothing', { name: 'nothing' });
  const [error] = await once(worker, 'error');
  expect(error).toMatchObject({ message: expect.stringContaining('nothing.ts') });
});
