/** Runs the syntax checks of `hookpool check` in sandboxes of their own. */
import { readConfig } from '../config.ts';
import type { HookSet } from '../files/hook-set.ts';
import type { Problem } from '../files/source-document.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { closePool } from './close-pool.ts';
import type { Io } from './command.ts';
import { syntaxProblems } from './load-hooks.ts';
import { poolOptions } from './pool-options.ts';

export async function syntaxInSandbox(sets: readonly HookSet[], io: Io): Promise<Problem[]> {
  const pool = openPool({ ...poolOptions(readConfig()), warm: 0, max: 2 });
  try {
    return await syntaxProblems(sets, pool);
  } finally {
    await closePool(pool, io);
  }
}
