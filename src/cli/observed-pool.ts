/** The pool of a long-running process, with metrics for Prometheus and a readiness check. */
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { HookpoolError } from '../errors.ts';
import { poolGauges, poolMetrics } from '../metrics.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import { openPool } from '../sandbox/open-pool.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { PoolEvent } from '../sandbox/pool-events.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { poolOptions } from './pool-options.ts';
import { namesOf } from './profiles/read-profiles.ts';

const profileCodes: ReadonlySet<string> = new Set([
  'IMAGE_MISSING',
  'IMAGE_MISMATCH',
  'PROFILE_MISSING',
]);

export interface ObservedPool {
  readonly pool: Pool;
  /** Why no job can run now; undefined when one can. */
  readonly whyNotReady: () => string | undefined;
}

export function openObservedPool(
  config: Config,
  registry: Registry,
  workspaces?: Workspaces,
): ObservedPool {
  const options = poolOptions(config);
  const count = poolMetrics(registry, namesOf(options.profiles));
  let failure: Error | undefined;
  const observe = (event: PoolEvent) => {
    if (event.type === 'created') failure = undefined;
    if (event.type === 'create-failed' && !isOfOneKind(event)) failure = event.error;
    count(event);
  };
  const pool = openPool({ ...options, workspaces, observe });
  poolGauges(registry, () => pool.stats());
  const whyNotReady = () => {
    const { blank, idle, leased } = pool.stats();
    const able = blank + idle + leased > 0;
    return able || failure === undefined ? undefined : `No sandbox can be made: ${failure.message}`;
  };
  return { pool, whyNotReady };
}

/** Whether one workspace, or the image of another profile than the default one, is to blame. */
function isOfOneKind({ kind, error }: Extract<PoolEvent, { type: 'create-failed' }>): boolean {
  if (!(error instanceof HookpoolError)) return false;
  if (error.code === 'WORKSPACE_FAILED') return true;
  return profileCodes.has(error.code) && kind.profile !== defaultProfile;
}
