/** Closes the pool of a command that used sandboxes. */
import { orFallback } from '../deadline.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { Io } from './command.ts';

/** Timeout, so that an engine that hangs does not delay the exit code. */
const limitMs = 5_000;

/**
 * Removes the pool's containers; gives up on an engine that does not answer, since they end with
 * this process anyway.
 */
export async function closePool(pool: Pick<Pool, 'drain'>, io: Pick<Io, 'err'>): Promise<void> {
  const late = () =>
    io.err(
      'hookpool: the engine does not remove its containers in time; they end with this process\n',
    );
  await orFallback(limitMs, pool.drain(), late);
}
