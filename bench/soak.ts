/**
 * Checks whether a worker leaks memory: compares its memory after 1,000 hooks and after 100,000.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../src/index.ts';
import { withClosers } from './closers.ts';
import { openCluster } from './contenders/cluster.ts';
import { overHttp } from './contenders/http.ts';
import { jobsAtOnce } from './contenders/sandboxes.ts';
import { residentBytes } from './cpu.ts';
import { contextOf, guardOf } from './guards.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { smallContext } from './side-by-side/matrix.ts';
import { callBy } from './side-by-side/race.ts';

export interface Soak {
  readonly date: string;
  readonly machine: Machine;
  readonly seconds: number;
  readonly points: readonly {
    readonly hooks: number;
    readonly workerBytes: number;
    readonly serverBytes: number;
  }[];
  /** The worker's memory at the end / after the first 1,000. */
  readonly ratio: number;
}

const marks = [1_000, 5_000, 10_000, 25_000, 50_000, 75_000, 100_000] as const;
const quickMarks = [1_000, 3_000] as const;
/**
 * Number of readings while no hook runs; the smallest counts, so that garbage does not look like
 * growth.
 */
const readings = 8;
const readingsGapMs = 250;

export function measureSoak({ quick, load, interrupted, progress }: BenchOptions): Promise<Soak> {
  return withClosers(async (closers) => {
    const started = performance.now();
    const machine = await describeMachine(new Engine(), load);
    const { server, worker } = await openCluster(closers);
    const call = overHttp(server.url, closers);
    const [guard, context] = [guardOf('bash builtins'), contextOf(smallContext)];
    const points: Soak['points'][number][] = [];
    let done = 0;
    for (const mark of quick ? quickMarks : marks) {
      await callBy(jobsAtOnce, mark - done, async () => {
        interrupted.throwIfAborted();
        await call(guard, context);
      });
      done = mark;
      const workerBytes = await leastBytes(worker.pid);
      points.push({ hooks: done, workerBytes, serverBytes: await leastBytes(server.child.pid) });
      progress(`${done} hooks, the worker has ${Math.round(workerBytes / 2 ** 20)} MiB`);
    }
    const [first, last] = [
      points[0]?.workerBytes ?? Number.NaN,
      points.at(-1)?.workerBytes ?? Number.NaN,
    ];
    const seconds = (performance.now() - started) / 1000;
    return {
      date: new Date().toISOString().slice(0, 10),
      machine,
      seconds,
      points,
      ratio: last / first,
    };
  });
}

async function leastBytes(pid: number | undefined): Promise<number> {
  if (pid === undefined) throw new Error('The process did not start.');
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < readings; count++) {
    await sleep(readingsGapMs);
    least = Math.min(least, residentBytes(pid));
  }
  return least;
}
