/** Memory of containers that wait for a job, and of the worker, server and Redis processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import type { Pool } from '../../src/index.ts';
import { withClosers } from '../closers.ts';
import type { Cluster } from '../contenders/cluster.ts';
import { evaluatedIn, openSandboxPool } from '../contenders/in-process.ts';
import { residentBytes } from '../cpu.ts';
import { contextOf, guards } from '../guards.ts';
import { smallContext } from './matrix.ts';
import type { Memory } from './results.ts';

const containers = 3;
const hooksEach = 34;
/** Time until the interpreters that wait for the first job have started. */
const settleMs = 500;

export function measureMemory(image: string, cluster: Cluster | undefined): Promise<Memory> {
  return withClosers(async (closers) => {
    const pool = openSandboxPool(image, { warm: containers, max: containers + 1 }, closers);
    const blank = await bytesOfIdle(pool, containers, 'job');
    const call = evaluatedIn(pool, 'tenant');
    const context = contextOf(smallContext);
    for (const guard of guards)
      for (let count = 0; count < hooksEach; count++) await call(guard, context);
    const used = await bytesOfIdle(pool, 1, 'tenant');
    const ofProcess = (pid: number | undefined) => (pid === undefined ? null : residentBytes(pid));
    return {
      blankContainerBytes: Math.max(...blank.bytes),
      usedContainerBytes: Math.max(...used.bytes),
      workerBytes: ofProcess(cluster?.worker.pid),
      serverBytes: ofProcess(cluster?.server.child.pid),
    };
  });
}

/**
 * Memory of the cgroups of `count` containers; they are leased only to get their names, and run no
 * job.
 */
export async function bytesOfIdle(
  pool: Pool,
  count: number,
  isolation: 'job' | 'tenant',
): Promise<IdleBytes> {
  const leases = await Promise.all(
    Array.from({ length: count }, () => pool.acquire('bench', isolation)),
  );
  try {
    await sleep(settleMs);
    const containers = leases.map(({ container }) => container);
    // In parallel: the engine takes a second for each, and a leased container that receives nothing
    // ends after 15 s.
    return { containers, bytes: await Promise.all(containers.map(cgroupBytes)) };
  } finally {
    // The pool waits for all leases when it is closed.
    for (const lease of leases) lease.release();
  }
}

export interface IdleBytes {
  readonly containers: readonly string[];
  /** One number per container. */
  readonly bytes: readonly number[];
}

/** The memory of the container's cgroup as the engine reports it, page cache included. */
async function cgroupBytes(container: string): Promise<number> {
  // Without one-shot the engine waits for a second CPU sample.
  const options = { stream: false, 'one-shot': true } as const;
  const { memory_stats: memory } = await new Docker().getContainer(container).stats(options);
  if (memory?.usage === undefined)
    throw new Error(`The engine does not say how much memory ${container} has.`);
  return memory.usage;
}
