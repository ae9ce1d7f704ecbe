/** The server's backend without a queue: a pool of sandboxes in this process. */
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { HttpRunner } from '../dispatch/runner.ts';
import type { JudgeHooksOptions } from '../outbound/judges/judge-hook.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import { execute } from '../sandbox/execute.ts';
import { runInProject } from '../sandbox/run-in-project.ts';
import { syntaxError } from '../sandbox/syntax.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import type { Backend } from '../server/deps.ts';
import type { EventRelay } from '../server/event-hub.ts';
import { memoryStores } from '../server/memory-stores.ts';
import type { Stores } from '../server/stores.ts';
import { judgeMetrics } from './judge-metrics.ts';
import { projectsOf } from './judges.ts';
import type { JudgesOpener } from './judges-file.ts';
import { openObservedPool } from './observed-pool.ts';

/**
 * The parts that the composition root opens, and closes once the server has answered its last
 * request.
 */
export interface OpenBackend {
  readonly backend: Backend;
  readonly stores: Stores;
  /** Brings the live events of other servers. */
  readonly relay?: EventRelay;
  readonly close: () => Promise<void>;
}

export interface PoolBackendParts {
  /** Makes the requests of http hooks; undefined: no targets are configured. */
  readonly http?: HttpRunner | undefined;
  /** Asks the judges of prompt and agent hooks; undefined: none are configured. */
  readonly judges?: JudgesOpener | undefined;
  /** Whether the operator's files have what a hook needs. */
  readonly knownOutbound?: Backend['knownOutbound'];
  /** Told when a judge is left alone for a while, and why. */
  readonly onRest?: JudgeHooksOptions['onRest'];
  /** Told of questions that the limit of a tenant refuses. */
  readonly onSpent?: JudgeHooksOptions['onSpent'];
  /** The folders of this machine that sandboxes may read; undefined: none. */
  readonly workspaces?: Workspaces | undefined;
}

export function openPoolBackend(
  config: Config,
  registry: Registry,
  { http, judges, knownOutbound, onRest, onSpent, workspaces }: PoolBackendParts = {},
): OpenBackend {
  const { pool, whyNotReady } = openObservedPool(config, registry, workspaces);
  const run: ScriptRunner = (script, signal) => runInProject(pool, script, signal, workspaces);
  const backend: Backend = {
    run: (job, signal) => execute(pool, job, signal, workspaces),
    http,
    knownOutbound,
    judgeWith:
      judges &&
      ((tools) =>
        judges({
          ...{ runScript: tools, projectOf: projectsOf(workspaces), onRest, onSpent },
          ...judgeMetrics(registry),
        })),
    runScript: run,
    checkScript: (script, tenant, profile) => syntaxError(run, script, tenant, profile),
    whyNotReady: async () => whyNotReady(),
    capacity: config.max,
    system: async () => ({ workers: [], pool: pool.stats(), quarantine: [] }),
  };
  return { backend, stores: memoryStores(), close: () => pool.drain() };
}
