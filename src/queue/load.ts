/**
 * Estimates how long a new job would wait, from the workers' heartbeats and this process's pending
 * jobs.
 */
import type { WorkerRoster } from './heartbeat.ts';

export interface Load {
  readonly workers: number;
  /** Jobs that all workers together run at once. */
  readonly capacity: number;
  /** Mean milliseconds that a job occupies a slot; 0 while that is unknown. */
  readonly meanJobMs: number;
  /** Jobs in the queue, from all dispatchers. */
  readonly waiting: number;
}

export const unknownLoad: Load = { workers: 0, capacity: 0, meanJobMs: 0, waiting: 0 };

export function loadOf(crew: WorkerRoster): Load {
  const states = [...crew.workers.values()];
  const capacity = states.reduce((sum, state) => sum + state.capacity, 0);
  const timed = states.filter((state) => state.meanJobMs > 0);
  const weight = timed.reduce((sum, state) => sum + state.capacity, 0);
  const meanJobMs =
    weight === 0
      ? 0
      : timed.reduce((sum, state) => sum + state.meanJobMs * state.capacity, 0) / weight;
  return { workers: states.length, capacity, meanJobMs, waiting: crew.waiting };
}

/**
 * Estimates the wait in milliseconds of a tenant's `rank`-th job. Tenants take turns, so at most
 * `rank` jobs of every other tenant come before it, however long their backlogs are. Returns 0 when
 * no capacity is known, so that no job is refused that a worker could have served.
 */
export function estimateWaitMs(
  load: Load,
  rank: number,
  pendingPerTenant: Iterable<number>,
): number {
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
