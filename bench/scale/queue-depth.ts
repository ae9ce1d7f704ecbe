/**
 * Measures an increasing number of jobs that wait in Redis, all of one tenant: the rate at which a
 * worker takes jobs, the wait of another tenant, and the memory of a waiting job in Redis. The jobs
 * run no script.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { openQueueRunner, openWorker, type QueueRunner, toJobMessage } from '../../src/index.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { defaultQueueName, keyPrefix } from '../../src/redis/keys.ts';
import type { TestRedis } from '../../test/support/redis.ts';
import { withClosers } from '../closers.ts';
import { openRedis } from '../contenders/cluster.ts';
import { jobsAtOnce } from '../contenders/sandboxes.ts';
import { contextOf, dialect, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { runNothing } from './no-hook.ts';
import type { Curve, Point } from './results.ts';
import { p50Of } from './times.ts';

const depths = [0, 100, 1_000, 10_000, 100_000] as const;
const quickDepths = [0, 100, 1_000] as const;
/** Number of jobs that are taken to measure the time for one. */
const taken = 1_000;
/** Duration of a job of the backlog while another tenant sends evaluations. */
const backlogJobMs = 20;
const bulk = 2_000;
const budgetMs = 3_600_000;

export interface QueueDepth {
  readonly curves: readonly Curve[];
  /** Memory of one waiting job with a context of 1 KiB in Redis. */
  readonly bytesPerWaitingJob: number;
}

/** @throws NotHere without redis-server. */
export function queueDepth({ quick, interrupted }: BenchOptions): Promise<QueueDepth> {
  return withClosers(async (closers) => {
    const redis = await openRedis(closers);
    const points = { taking: [] as Point[], newcomer: [] as Point[] };
    let bytesPerWaitingJob = 0;
    for (const depth of quick ? quickDepths : depths) {
      interrupted.throwIfAborted();
      const empty = await usedBytes(redis);
      await fill(redis, depth + taken);
      bytesPerWaitingJob = ((await usedBytes(redis)) - empty) / (depth + taken);
      points.taking.push({ x: depth, y: await msPerJobTaken(redis, quick ? taken / 4 : taken) });
      points.newcomer.push({ x: depth, y: await newcomerMs(redis, quick ? 10 : 60) });
      await redis.use((client) => client.flushall());
    }
    return { bytesPerWaitingJob, curves: curvesOf(points) };
  });
}

function curvesOf({
  taking,
  newcomer,
}: {
  readonly taking: Point[];
  readonly newcomer: Point[];
}): Curve[] {
  return [
    {
      title: 'Jobs that wait: taking one',
      x: 'jobs waiting',
      y: 'ms per job',
      series: [{ name: 'no script is run', points: taking, most: 0 }],
      why: 'Nearly flat: jobs stand in a sorted set, where the first is found in a time that grows with the logarithm of their number.',
    },
    {
      title: 'Jobs that wait: another tenant',
      x: 'jobs waiting',
      y: 'ms, p50',
      series: [{ name: `jobs of ${backlogJobMs} ms before it`, points: newcomer, most: 0 }],
      why: 'Flat: tenants take turns, and one slot is kept free of the tenant with the backlog.',
    },
  ];
}

async function msPerJobTaken(redis: TestRedis, count: number): Promise<number> {
  let done = 0;
  let [first, last] = [Number.NaN, Number.NaN];
  const worker = openWorker({
    redis: redis.settings,
    concurrency: jobsAtOnce,
    tenantCap: jobsAtOnce,
    execute: (job) => {
      if (done === 0) first = performance.now();
      if (++done === count) last = performance.now();
      return runNothing(job);
    },
  });
  try {
    while (done < count) await sleep(5);
    return (last - first) / (count - 1);
  } finally {
    await worker.close(1_000);
  }
}

/** Wait of a second tenant that sends one evaluation after another. */
async function newcomerMs(redis: TestRedis, count: number): Promise<number> {
  const execute = async (job: CommandJob) => {
    if (job.tenant === 'backlog') await sleep(backlogJobMs);
    return runNothing(job);
  };
  const worker = openWorker({ redis: redis.settings, concurrency: jobsAtOnce, execute });
  const runner = await openQueueRunner({ redis: redis.settings });
  try {
    await ask(runner);
    return await p50Of(count, () => ask(runner));
  } finally {
    await runner.close();
    await worker.close(1_000);
  }
}

async function ask(runner: QueueRunner): Promise<void> {
  const { cause } = await runner.run(jobOf('newcomer'), new AbortController().signal);
  if (cause.kind === 'fail-mode')
    throw new Error(`The queue did not run the job: ${JSON.stringify(cause)}`);
}

/** Adds the jobs as a dispatcher does: the n-th job of a tenant has turn n. */
async function fill(redis: TestRedis, count: number): Promise<void> {
  const { hostname: host, port } = new URL(redis.url);
  const queue = new Queue(defaultQueueName, {
    connection: { host, port: Number(port) },
    prefix: keyPrefix,
  });
  const data = toJobMessage(jobOf('backlog'), { evaluationId: 'backlog', attempt: 1, budgetMs });
  try {
    for (let from = 0; from < count; from += bulk) {
      const length = Math.min(bulk, count - from);
      const options = { removeOnComplete: true, removeOnFail: true };
      await queue.addBulk(
        Array.from({ length }, (_, at) => ({
          name: 'backlog',
          data,
          opts: { ...options, priority: from + at + 2 },
        })),
      );
    }
  } finally {
    await queue.close();
  }
}

function jobOf(tenant: string): CommandJob {
  const { hook } = guardOf('bash builtins');
  return {
    dialect,
    hook,
    tenant,
    isolation: 'tenant',
    context: contextOf(smallContext).bytes,
    transcript: undefined,
  };
}

async function usedBytes(redis: TestRedis): Promise<number> {
  return redis.use(async (client) =>
    Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]),
  );
}
