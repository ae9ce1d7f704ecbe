/**
 * `npm run mutate` works, shown by its cheapest mutation of the container; docs/mutations.md has
 * the result of all.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

test('without the limit on tasks an attack succeeds, and the report says which boundary broke', async () => {
  const args = ['node_modules/tsx/dist/cli.mjs', 'test/mutations/run.ts', '--only', 'pids-limit'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(
    /\| `pids-limit` \| no limit on tasks \| res-fork-count \[resource limits\]/,
  );
  expect(stdout).toContain('1 noticed, 0 survived');
});
