/** Processes of tests start without a compiler of their own. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from './support/compiled.ts';

const folder = path.join(import.meta.dirname, 'fixtures/threads');
const source = path.join(folder, 'beside.ts');

test('a file is compiled with its thread, and finds its folder', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [await compiled(source), 'one']);
  expect(JSON.parse(stdout)).toEqual({ folder, told: '.js', args: ['one'] });
});

test('the same sources compile once, others at another place, at one time', async () => {
  const [one, other] = await Promise.all([
    compiled(source),
    compiled(path.join(folder, 'start.ts')),
  ]);
  expect(await compiled(source)).toBe(one);
  expect(path.dirname(other)).not.toBe(path.dirname(one));
});

test('a file that is not there is an error', async () => {
  await expect(compiled(path.join(folder, 'nothing.ts'))).rejects.toThrow('nothing.ts');
});
