/** Memory of containers that wait for a job, and of the processes around them. */
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
/** Until the interpreters that wait for the first job are there. */
const settleMs = 500;

export function measureMemory(image: string, cluster: Cluster | undefined): Promise<Memory> {
  return withClosers(async (closers) => {
    const pool = openSandboxPool(image, { warm: containers, max: containers + 1 }, closers);
    const blank = await bytesOfIdle(pool, containers, 'job');
    const call = evaluatedIn(pool, 'tenant');
    const context = contextOf(smallContext);
    for (const guard of guards) for (let count = 0; count < hooksEach; count++) await call(guard, context);
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

/** The cgroups of `count` containers; they are leased to learn their names, and run nothing. */
export async function bytesOfIdle(pool: Pool, count: number, isolation: 'job' | 'tenant'): Promise<IdleBytes> {
  const leases = await Promise.all(Array.from({ length: count }, () => pool.acquire('bench', isolation)));
  try {
    await sleep(settleMs);
    const containers = leases.map(({ container }) => container);
    // At once: the engine takes a second for each, and a leased container that hears nothing ends after 15 s.
    return { containers, bytes: await Promise.all(containers.map(cgroupBytes)) };
  } finally {
    // The pool waits for them when it is closed.
    for (const lease of leases) lease.release();
  }
}

export interface IdleBytes {
  readonly containers: readonly string[];
  /** One number for each. */
  readonly bytes: readonly number[];
}

/** What the engine says that the container's cgroup holds, page cache included. */
async function cgroupBytes(container: string): Promise<number> {
  // One-shot: the engine would else wait for a second sample of the CPU.
  const options = { stream: false, 'one-shot': true } as const;
  const { memory_stats: memory } = await new Docker().getContainer(container).stats(options);
  if (memory?.usage === undefined) throw new Error(`The engine does not say how much memory ${container} has.`);
  return memory.usage;
}
