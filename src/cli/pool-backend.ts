/** The server's backend without a queue: a pool of sandboxes in this process. */
import type { Config } from '../config.ts';
import { execute } from '../sandbox/execute.ts';
import { openPool } from '../sandbox/open-pool.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { PoolEvent, PoolStats } from '../sandbox/pool-events.ts';
import { syntaxError } from '../sandbox/syntax.ts';
import type { Backend, ScriptFacts, ScriptRun } from '../server/deps.ts';
import { poolOptions } from './pool-options.ts';

/** What the composition root opens, and closes once the server has answered its last request. */
export interface OpenBackend {
  readonly backend: Backend;
  readonly close: () => Promise<void>;
}

export interface PoolObserver {
  readonly poolEvent: (event: PoolEvent) => void;
  readonly watchPool: (stats: () => PoolStats) => void;
}

export function openPoolBackend(config: Config, observer: PoolObserver): OpenBackend {
  let failure: Error | undefined;
  const observe = (event: PoolEvent) => {
    if (event.type === 'created') failure = undefined;
    if (event.type === 'create-failed') failure = event.error;
    observer.poolEvent(event);
  };
  const pool = openPool({ ...poolOptions(config), observe });
  observer.watchPool(() => pool.stats());
  const backend: Backend = {
    run: (job, signal) => execute(pool, job, signal),
    runScript: (script, signal) => runScript(pool, script, signal),
    checkScript: (script) => syntaxError(pool, script),
    whyNotReady: async () => {
      const { blank, idle, leased } = pool.stats();
      const able = blank + idle + leased > 0;
      return able || failure === undefined ? undefined : `No sandbox can be made: ${failure.message}`;
    },
  };
  return { backend, close: () => pool.drain() };
}

async function runScript(pool: Pool, { tenant, isolation, request }: ScriptRun, signal: AbortSignal): Promise<ScriptFacts> {
  const lease = await pool.acquire(tenant, isolation, signal);
  try {
    return { run: await lease.run(request, signal), leaseMs: lease.waitMs };
  } finally {
    lease.release();
  }
}
