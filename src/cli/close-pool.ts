/** Closes the pool of a command that used sandboxes. */
import { orFallback } from '../deadline.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { Io } from './command.ts';

/** Timeout, so that an engine that hangs does not delay the exit code. */
const limitMs = 5_000;

/**
 * Leaves the pool's containers, which end with this process; waits only for those that are being
 * created, because one that was never started would stay. Gives up on an engine that does not answer.
 */
export async function closePool(pool: Pick<Pool, 'leave'>, io: Pick<Io, 'err'>): Promise<void> {
  const late = () =>
    io.err('hookpool: the engine does not answer in time; its containers end with this process\n');
  await orFallback(limitMs, pool.leave(), late);
}
