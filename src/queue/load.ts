/** How long a new job would wait, from what the workers publish and what this process waits for. */
import type { Crew } from './heartbeat.ts';

export interface Load {
  readonly workers: number;
  /** Jobs at once, of all workers. */
  readonly capacity: number;
  /** Milliseconds that one job takes a slot; 0 when nobody knows yet. */
  readonly meanJobMs: number;
  /** Jobs in line, whoever sent them. */
  readonly waiting: number;
}

export const unknownLoad: Load = { workers: 0, capacity: 0, meanJobMs: 0, waiting: 0 };

export function loadOf(crew: Crew): Load {
  const states = [...crew.workers.values()];
  const capacity = states.reduce((sum, state) => sum + state.capacity, 0);
  const timed = states.filter((state) => state.meanJobMs > 0);
  const weight = timed.reduce((sum, state) => sum + state.capacity, 0);
  const meanJobMs = weight === 0 ? 0 : timed.reduce((sum, state) => sum + state.meanJobMs * state.capacity, 0) / weight;
  return { workers: states.length, capacity, meanJobMs, waiting: crew.waiting };
}

/**
 * The wait in milliseconds of a tenant's `rank`-th job. Tenants take turns, so before it come at most
 * `rank` jobs of every other tenant, however long their backlogs are. 0 when nothing is known: an
 * estimate may refuse nothing that could have been served.
 */
export function estimateWaitMs(load: Load, rank: number, pendingPerTenant: Iterable<number>): number {
  if (load.capacity === 0) return 0;
  let known = 0;
  let ahead = 0;
  for (const count of pendingPerTenant) {
    known += count;
    ahead += Math.min(count, rank);
  }
  ahead += Math.min(Math.max(0, load.waiting - known), rank);
  return (Math.max(0, ahead - load.capacity) * load.meanJobMs) / load.capacity;
}
