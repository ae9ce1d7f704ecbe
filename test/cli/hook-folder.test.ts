/** A folder of scripts on the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hookFilesIn } from '../../src/cli/hook-folder.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hooks-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it('a folder stands for the scripts in it that have the names of events', async () => {
  for (const name of ['TaskStart', 'PreToolUse', 'PreToolUse.ps1', 'say.sh'])
    writeFileSync(path.join(folder, name), '');
  expect(await hookFilesIn(folder)).toEqual([
    path.join(folder, 'PreToolUse'),
    path.join(folder, 'TaskStart'),
  ]);
});

it.each(['hooks.yaml', '/none/hooks.yaml', '-'])('%s stands for itself', async (file) => {
  expect(await hookFilesIn(file)).toEqual([file]);
});

it('a folder without one is refused, with the names that would do', async () => {
  await expect(hookFilesIn(import.meta.dirname)).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringContaining('PreToolUse'),
  });
});
