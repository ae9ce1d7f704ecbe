/** In how many sandboxes the scripts of hooks files are parsed. */
import { expect, test } from 'vitest';
import { syntaxProblems } from '../../src/cli/load-hooks.ts';
import { UnavailableError } from '../../src/errors.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { RunRequest } from '../../src/protocol/run.ts';
import type { Lease } from '../../src/sandbox/lease.ts';
import type { LeaseSource } from '../../src/sandbox/run-script.ts';
import { exited } from '../protocol/samples.ts';

/** Counts the sandboxes that are leased at once. `bad` in a script is what cannot be parsed. */
class CountingPool {
  leased = 0;
  most = 0;
  runs = 0;

  readonly acquire = async (): Promise<Lease> => {
    this.most = Math.max(this.most, ++this.leased);
    return {
      waitMs: 0,
      container: 'c',
      kind: { profile: 'small' },
      run: async ({ stdin }: RunRequest) => {
        this.runs++;
        await new Promise((resolve) => setImmediate(resolve));
        const isBad = Buffer.from(stdin).includes('bad');
        return exited(isBad ? 2 : 0, '', isBad ? 'line 1: bad' : '');
      },
      release: () => void this.leased--,
    } as unknown as Lease;
  };
}

const setOf = (scripts: readonly string[]) =>
  parseHooksFile(
    'hooks.json',
    JSON.stringify({ hooks: { Stop: scripts.map((script) => ({ script })) } }),
  );

test.each([
  [20, 1],
  [64, 1],
  [65, 2],
])('%i scripts are parsed in %i sandboxes at once', async (count, most) => {
  const pool = new CountingPool();
  const set = setOf(Array.from({ length: count }, (_, at) => `exit ${at}`));
  expect(await syntaxProblems([set, set], pool)).toEqual([]);
  expect([pool.most, pool.runs]).toEqual([most, count]);
});

test('the problems are told in the order of the hooks, each at its place', async () => {
  const problems = await syntaxProblems(
    [setOf(['exit 1', 'bad 1', 'exit 2', 'bad 2'])],
    new CountingPool(),
  );
  expect(problems.map(({ path, message }) => [path[2], message])).toEqual([
    [1, expect.stringContaining('bash cannot parse')],
    [3, expect.stringContaining('bash cannot parse')],
  ]);
});

test('no further script is tried where none can be parsed', async () => {
  let asked = 0;
  const pool: LeaseSource = {
    acquire: () => {
      asked++;
      return Promise.reject(new UnavailableError('ENGINE_DOWN', 'away'));
    },
  };
  const checking = syntaxProblems([setOf(['exit 1', 'exit 2', 'exit 3'])], pool);
  await expect(checking).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
  expect(asked).toBeLessThanOrEqual(2);
});
