/** Runs one script in a sandbox of a pool: lease -> run -> release. */
import { type ErrorCode, HookpoolError } from '../errors.ts';
import type { ScriptFacts, ScriptRun } from '../protocol/run.ts';
import type { Lease } from './lease.ts';
import type { Pool } from './pool.ts';

export type LeaseSource = Pick<Pool, 'acquire'>;

const attempts = 2;
/** Codes after which a second sandbox of this pool is not to be had, or would fail alike. */
const notAgain: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'POOL_EXHAUSTED',
  'SHUTTING_DOWN',
  'WORKSPACE_FAILED',
]);

/**
 * Retries once, in a second sandbox, after an infrastructure failure; never after a script that
 * ended by itself.
 * @throws UnavailableError, SandboxError when no sandbox could run it.
 */
export async function runScript(
  pool: LeaseSource,
  { tenant, isolation, kind, request }: ScriptRun,
  signal: AbortSignal,
): Promise<ScriptFacts> {
  for (let attempt = 1; ; attempt++) {
    let lease: Lease | undefined;
    try {
      lease = await pool.acquire(tenant, isolation, { kind, signal });
      const { waitMs, container } = lease;
      const ranIn = { container, profile: lease.kind.profile };
      return { run: await lease.run(request, signal), leaseMs: waitMs, ranIn };
    } catch (error) {
      const again =
        error instanceof HookpoolError && error.retryable && attempt < attempts && !signal.aborted;
      if (!again || notAgain.has(error.code)) throw error;
    } finally {
      lease?.release();
    }
  }
}
