import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { discoverTests } from '../../../src/cli/hook-tests/discover.ts';

let folder = '';
const put = (...names: string[]) => {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), '');
  }
};
const find = async (...places: string[]) => {
  const { files } = await discoverTests(places.map((place) => path.join(folder, place)));
  return files.map((file) => path.relative(folder, file));
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-discover-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('finds test files in and below a folder, sorted, and leaves other people’s alone', async () => {
  put('b.hooktest.yaml', 'a.hooktest.yml', 'hooks.yaml', 'x.hooktest.json', 'hooktest.yaml');
  put(
    'd/c/z.hooktest.yaml',
    'd/B.hooktest.yaml',
    'node_modules/m/a.hooktest.yaml',
    '.git/a.hooktest.yaml',
  );
  expect(await find('')).toEqual([
    'a.hooktest.yml',
    'b.hooktest.yaml',
    'd/B.hooktest.yaml',
    'd/c/z.hooktest.yaml',
  ]);
});

it('a file stands for itself, whatever it is called, and nothing is there twice', async () => {
  put('tests.yaml', 'd/a.hooktest.yaml');
  expect(await find('tests.yaml', 'd/a.hooktest.yaml', 'd', 'd/../tests.yaml')).toEqual([
    'tests.yaml',
    'd/a.hooktest.yaml',
  ]);
});

it('tells the folders where another one may appear', async () => {
  put('d/c/z.hooktest.yaml', 'e/x', 'node_modules/x');
  const { folders } = await discoverTests([folder]);
  expect(folders.map((one) => path.relative(folder, one))).toEqual(['', 'd', 'd/c', 'e']);
});

it('no test, and no such place, are mistakes in usage that say what to do', async () => {
  put('hooks.yaml');
  await expect(find('')).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringContaining('hooks.hooktest.yaml'),
  });
  await expect(find('nope')).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringContaining('nope'),
  });
});
