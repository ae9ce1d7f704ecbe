/**
 * Measures an increasing number of waiting containers: their memory and CPU, and whether they slow
 * a job down.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '../../src/index.ts';
import { withClosers } from '../closers.ts';
import { evaluatedIn, openSandboxPool } from '../contenders/in-process.ts';
import { cpuSource } from '../cpu.ts';
import { contextOf, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { image } from '../side-by-side/measure.ts';
import { bytesOfIdle } from '../side-by-side/memory.ts';
import type { Curve, Point } from './results.ts';
import { shimBytes } from './shims.ts';
import { p50Of } from './times.ts';

const counts = [1, 4, 16, 64] as const;
const quickCounts = [1, 4] as const;
/** The pool pings its containers every 4 s. */
const idleMs = 4_000;
const readyTimeoutMs = 120_000;
const mib = 2 ** 20;

export interface WarmContainers {
  readonly curves: readonly Curve[];
  /**
   * Memory of one container in MiB: its cgroup, and its share of the engine outside of the cgroup.
   */
  readonly containerMib: number;
  readonly shimMib: number;
}

export async function warmContainers(options: BenchOptions): Promise<WarmContainers> {
  const points = {
    cgroups: [] as Point[],
    shims: [] as Point[],
    idle: [] as Point[],
    job: [] as Point[],
  };
  const cpu = cpuSource().seconds;
  const before = await cpuPerSecond(cpu, options.quick);
  for (const x of options.quick ? quickCounts : counts) {
    options.interrupted.throwIfAborted();
    const found = await measure(x, options, cpu);
    points.cgroups.push({ x, y: found.cgroupMib });
    points.shims.push({ x, y: found.shimMib });
    points.idle.push({ x, y: Math.max(0, found.cpuPerSecond - before) * 1000 });
    points.job.push({ x, y: found.jobMs });
  }
  const perContainer = ({ x, y }: Point = { x: Number.NaN, y: Number.NaN }) => y / x;
  return {
    containerMib: perContainer(points.cgroups.at(-1)),
    shimMib: perContainer(points.shims.at(-1)),
    curves: [
      {
        title: 'Warm containers: memory',
        x: 'containers',
        y: 'MiB',
        series: [
          { name: 'their cgroups', points: points.cgroups, most: 1 },
          { name: "the engine's shims", points: points.shims, most: 1 },
        ],
        why: 'Linear: a container has interpreters of its own that wait, and the engine keeps a process for it (its share of memory, by PSS).',
      },
      {
        title: 'Warm containers: CPU while nothing runs',
        x: 'containers',
        y: 'CPU ms per second',
        series: [{ name: 'whole machine', points: points.idle, most: 1 }],
        why: 'Linear: a ping every 4 s, and what the engine does for each container.',
      },
      {
        title: 'Warm containers: a job',
        x: 'containers',
        y: 'ms, p50',
        series: [{ name: 'bash builtins, tenant', points: points.job, most: 0 }],
        why: 'Flat: a job needs one of them, and taking it is a list operation.',
      },
    ],
  };
}

function measure(count: number, { quick }: BenchOptions, cpu: () => number) {
  return withClosers(async (closers) => {
    const pool = openSandboxPool(image, { warm: count, max: count + 1 }, closers);
    await untilWarm(pool, count);
    const used = await cpuPerSecond(cpu, quick);
    const call = evaluatedIn(pool, 'tenant');
    const [guard, context] = [guardOf('bash builtins'), contextOf(smallContext)];
    const jobMs = await p50Of(quick ? 5 : 60, () => call(guard, context));
    const { bytes, containers } = await bytesOfIdle(pool, count, 'tenant');
    const sum = bytes.reduce((total, one) => total + one, 0);
    return {
      cpuPerSecond: used,
      jobMs,
      cgroupMib: sum / mib,
      shimMib: shimBytes(containers) / mib,
    };
  });
}

async function untilWarm(pool: Pool, count: number): Promise<void> {
  const giveUp = performance.now() + readyTimeoutMs;
  while (pool.stats().blank < count) {
    if (performance.now() > giveUp)
      throw new Error(`Only ${pool.stats().blank} of ${count} containers were ready in time.`);
    await sleep(20);
  }
}

async function cpuPerSecond(cpu: () => number, quick: boolean): Promise<number> {
  await sleep(500);
  const [started, before] = [performance.now(), cpu()];
  await sleep(quick ? idleMs / 4 : idleMs);
  return (cpu() - before) / ((performance.now() - started) / 1000);
}
