/**
 * Measures the rate with an increasing number of workers, with all processes on this machine, and
 * the CPU time of each process per hook at half of the possible load. The results are the model's
 * constants.
 */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Closers, withClosers } from '../closers.ts';
import {
  type Cluster,
  openCluster,
  openServer,
  openWorkerProcess,
  untilReady,
} from '../contenders/cluster.ts';
import { overHttp } from '../contenders/http.ts';
import { cpuSource, processCpuSeconds } from '../cpu.ts';
import { contextOf, type GuardName, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { callBy } from '../side-by-side/race.ts';
import type { Constants, HookCost } from './model.ts';
import type { Curve, Point } from './results.ts';

const guards: readonly GuardName[] = ['python3 JSON + regex', 'bash builtins'];
const mostWorkers = 4;
const settings = { jobsAtOnce: 4, sandboxes: 5 };
const callers = 16;
const context = contextOf(smallContext);

export interface Workers {
  readonly curves: readonly Curve[];
  readonly constants: Omit<Constants, 'bytesPerWaitingJob' | 'containerMib' | 'shimMib'>;
}

/** @throws NotHere without redis-server. */
export function workersCurve(options: BenchOptions): Promise<Workers> {
  return withClosers(async (closers) => {
    const cluster = await openCluster(closers, settings);
    const call = overHttp(cluster.server.url, closers);
    const measured: Constants['measured'][number][] = [];
    const last = options.quick ? 2 : mostWorkers;
    let costs: HookCost[] = [];
    let readers = { readerServerMs: 0, readerRedisMs: 0 };
    for (let workers = 1; workers <= last; workers++) {
      if (workers > 1) await addWorker(cluster, closers);
      for (const guard of guards) {
        options.interrupted.throwIfAborted();
        measured.push({ guard, workers, perSecond: await perSecond(guard, call, options) });
      }
      if (workers > 1) continue;
      costs = [];
      for (const guard of guards)
        costs.push(await costOf(guard, cluster, call, rateOf(measured, guard), options));
      readers = await readerCost(cluster, call, rateOf(measured, 'bash builtins'), options);
    }
    return {
      curves: [curveOf(measured)],
      constants: { costs, ...readers, measured, cores: cpus().length },
    };
  });
}

function curveOf(measured: Constants['measured']): Curve {
  const pointsOf = (name: GuardName): Point[] =>
    measured
      .filter(({ guard }) => guard === name)
      .map(({ workers, perSecond: rate }) => ({ x: workers, y: 1000 / rate }));
  return {
    title: 'Workers on this machine',
    x: 'workers',
    y: 'ms of the machine per hook',
    series: guards.map((name) => ({ name, points: pointsOf(name), most: 0 })),
    why: 'Flat where one worker keeps all cores of the machine busy; more of them then only share.',
  };
}

function rateOf(measured: Constants['measured'], name: GuardName): number {
  return measured.find(({ guard }) => guard === name)?.perSecond ?? Number.NaN;
}

/** Waits until the new worker has tested its limits, which takes seconds, and takes jobs. */
async function addWorker({ redis }: Cluster, closers: Closers): Promise<void> {
  const worker = openWorkerProcess(redis.url, closers, settings);
  await new Promise<void>((resolve, reject) => {
    worker.stderr?.on('data', (text: Buffer) => {
      if (text.includes('takes up to')) resolve();
    });
    worker.once('exit', (code) => reject(new Error(`The worker ended with ${code}.`)));
  });
}

async function perSecond(guard: GuardName, call: Call, { quick }: BenchOptions): Promise<number> {
  const once = () => call(guardOf(guard), context);
  await callBy(callers, quick ? callers : 4 * callers, once);
  const count = quick ? 60 : 400;
  const started = performance.now();
  await callBy(callers, count, once);
  return count / ((performance.now() - started) / 1000);
}

type Call = ReturnType<typeof overHttp>;
type Usage = Readonly<Record<'server' | 'redis' | 'worker' | 'client' | 'machine', number>>;

/**
 * Measures at half of `rate`, so that no process waits for a core and the processes do not disturb
 * each other.
 */
async function costOf(
  guard: GuardName,
  cluster: Cluster,
  call: Call,
  rate: number,
  options: BenchOptions,
): Promise<HookCost> {
  const machine = cpuSource().seconds;
  const idle = await usageOver(cluster, machine, () => sleep(options.quick ? 500 : 2_000));
  const count = Math.ceil((rate / 2) * (options.quick ? 1 : 4));
  const busy = await usageOver(cluster, machine, () =>
    atRate(count, rate / 2, () => call(guardOf(guard), context)),
  );
  const perHook = (part: keyof Usage) =>
    Math.max(0, ((busy.cpu[part] - (idle.cpu[part] / idle.seconds) * busy.seconds) / count) * 1000);
  const known = {
    serverMs: perHook('server'),
    redisMs: perHook('redis'),
    workerMs: perHook('worker'),
    clientMs: perHook('client'),
  };
  const sum = known.serverMs + known.redisMs + known.workerMs + known.clientMs;
  return { guard, ...known, sandboxMs: Math.max(0, perHook('machine') - sum) };
}

/** CPU time of a second server, which gets no requests, per hook of the first. */
async function readerCost(
  { redis, redisPid, server }: Cluster,
  call: Call,
  rate: number,
  { quick }: BenchOptions,
) {
  const count = Math.ceil((rate / 2) * (quick ? 1 : 3));
  const half = () => atRate(count, rate / 2, () => call(guardOf('bash builtins'), context));
  const pidOf = (one: typeof server) => one.child.pid ?? 0;
  const redisCpu = async (work: () => Promise<void>) => {
    const before = processCpuSeconds(redisPid);
    await work();
    return processCpuSeconds(redisPid) - before;
  };
  const alone = await redisCpu(half);
  return withClosers(async (closers) => {
    const second = await openServer(redis.url, closers);
    await untilReady(second);
    const seconds = (count / rate) * 2;
    const idleBefore = processCpuSeconds(pidOf(second));
    await sleep(1_000);
    const idlePerSecond = processCpuSeconds(pidOf(second)) - idleBefore;
    const before = processCpuSeconds(pidOf(second));
    const together = await redisCpu(half);
    const used = processCpuSeconds(pidOf(second)) - before - idlePerSecond * seconds;
    return {
      readerServerMs: Math.max(0, (used / count) * 1000),
      readerRedisMs: Math.max(0, ((together - alone) / count) * 1000),
    };
  });
}

async function usageOver(
  { server, redisPid, worker }: Cluster,
  machine: () => number,
  work: () => Promise<void>,
) {
  const read = (): Usage => ({
    server: processCpuSeconds(server.child.pid ?? 0),
    redis: processCpuSeconds(redisPid),
    worker: processCpuSeconds(worker.pid ?? 0),
    client: processCpuSeconds(process.pid),
    machine: machine(),
  });
  const [started, before] = [performance.now(), read()];
  await work();
  const after = read();
  const parts = Object.keys(before) as (keyof Usage)[];
  const cpu = Object.fromEntries(parts.map((part) => [part, after[part] - before[part]])) as Usage;
  return { cpu, seconds: (performance.now() - started) / 1000 };
}

/** Starts `count` calls at `rate` per second, whether or not earlier ones were answered. */
async function atRate(count: number, rate: number, call: () => Promise<void>): Promise<void> {
  const started = performance.now();
  const calls: Promise<void>[] = [];
  for (let at = 0; at < count; at++) {
    const waitMs = started + (at / rate) * 1000 - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    calls.push(call());
  }
  await Promise.all(calls);
}
