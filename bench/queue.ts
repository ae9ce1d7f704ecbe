/**
 * What the way through Redis costs: the same guard started bare, run in this process, behind HTTP, and
 * behind HTTP and the queue on a worker process. All are measured in one run, in turns of one batch.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine, evaluate, execute, openPool, openQueueRunner, type Runner } from '../src/index.ts';
import { TestRedis } from '../test/support/redis.ts';
import { type RunningServer, startServer } from '../test/support/server.ts';
import { bare, context, expectBlock, hooks, hooksFile, python, writeGuards } from './guard-set.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { printRates, type RateCell, summarize } from './report.ts';

interface Contender {
  readonly method: string;
  readonly call: () => Promise<void>;
}

/** What one contender did at one concurrency. */
interface Tally {
  readonly times: number[];
  busyMs: number;
}

/** Called in reverse. */
type Closers = (() => Promise<unknown>)[];

const concurrencies = [1, 8] as const;
/** As many sandboxes as the highest concurrency, and one to spare. */
const sandboxes = 9;
const callsPerBatch = { 1: 10, 8: 80 } as const;
/** Between batches: what one left to be done behind its back shall not be paid by the next one. */
const pauseMs = 30;
const main = path.join(import.meta.dirname, '../dist/cli/main.js');

export async function benchQueue(options: BenchOptions): Promise<void> {
  const machine = await describeMachine(new Engine(), python);
  const closers: Closers = [];
  try {
    const contenders = await openContenders(closers);
    const started = performance.now();
    const tallies = await race(contenders, options);
    report(machine, tallies, (performance.now() - started) / 1000, options.json);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

function report(machine: Machine, tallies: ReadonlyMap<string, Tally>, seconds: number, json: boolean): void {
  const cells: RateCell[] = [...tallies].map(([key, { times, busyMs }]) => {
    const { method, concurrency } = JSON.parse(key) as { method: string; concurrency: number };
    return { method, concurrency, ...summarize(times), perSecond: times.length / (busyMs / 1000) };
  });
  printRates({ machine, seconds, cells }, json);
}

async function race(contenders: readonly Contender[], { quick, interrupted }: BenchOptions): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  const rounds = quick ? 4 : 20;
  for (const { call } of contenders) await batch(call, 8, 160, { times: [], busyMs: 0 });
  for (let round = 0; round < rounds; round++) {
    for (const concurrency of concurrencies) {
      for (let turn = 0; turn < contenders.length; turn++) {
        interrupted.throwIfAborted();
        const contender = contenders[(turn + round) % contenders.length];
        if (contender === undefined) continue;
        const key = JSON.stringify({ method: contender.method, concurrency });
        const tally = tallies.get(key) ?? { times: [], busyMs: 0 };
        tallies.set(key, tally);
        await sleep(pauseMs);
        await batch(contender.call, concurrency, callsPerBatch[concurrency], tally);
      }
    }
  }
  return tallies;
}

/** `count` calls by `concurrency` callers, each of whom asks anew when it was answered. */
async function batch(call: () => Promise<void>, concurrency: number, count: number, tally: Tally): Promise<void> {
  const started = performance.now();
  let left = count;
  const caller = async () => {
    while (left-- > 0) {
      const asked = performance.now();
      await call();
      tally.times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  tally.busyMs += performance.now() - started;
}

async function openContenders(closers: Closers): Promise<Contender[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-bench-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const guard = (await writeGuards(folder)).find(({ hook }) => hook.script?.runtime === 'python3');
  if (guard === undefined) throw new Error('There is no python3 guard.');
  const pool = openPool({ image: process.env['HOOKPOOL_IMAGE'], max: sandboxes });
  closers.push(() => pool.drain());
  const redis = await TestRedis.start();
  closers.push(() => redis.remove());
  const runner = await openQueueRunner({ redis: redis.settings });
  closers.push(() => runner.close());
  const env = { HOOKPOOL_MAX: String(sandboxes) };
  const alone = await startServer([], env);
  closers.push(() => end(alone.child));
  const queued = await startServer([], { ...env, HOOKPOOL_REDIS_URL: redis.url });
  closers.push(() => end(queued.child));
  const worker = spawn(process.execPath, [main, 'worker', '--concurrency', '8', '--tenant-cap', '8'], {
    env: { ...process.env, ...env, HOOKPOOL_REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  closers.push(() => end(worker));
  for (const server of [alone, queued]) await prepare(server);
  const here = (run: Runner) => async () =>
    expectBlock(await evaluate({ dialect: hooks.dialect, hooks: [guard.hook], context, tenant: 'bench' }, run));
  return [
    { method: 'bare', call: () => bare(guard) },
    { method: 'in process', call: here((job, signal) => execute(pool, job, signal)) },
    { method: 'queue', call: here(runner.run) },
    { method: 'HTTP', call: over(alone) },
    { method: 'HTTP + queue', call: over(queued) },
  ];
}

const body = JSON.stringify({ hookset: 'bench', context: JSON.parse(context.toString()) });

function over({ url }: RunningServer): () => Promise<void> {
  return async () => {
    const answer = await fetch(`${url}/v1/evaluate`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expectBlock((await answer.json()) as Parameters<typeof expectBlock>[0]);
  };
}

/** Its hook set is there, and somebody can run it. */
async function prepare(server: RunningServer): Promise<void> {
  const giveUp = performance.now() + 60_000;
  while ((await server.ask('GET', '/readyz')).status !== 200) {
    if (performance.now() > giveUp) throw new Error(`The server was not ready within 60 s: ${server.log.join('\n')}`);
    await sleep(50);
  }
  const onlyPython = hooksFile.slice(0, hooksFile.indexOf('    - name: bash-builtins'));
  const { status, text } = await server.ask('PUT', '/v1/hooksets/bench', {
    text: onlyPython,
    headers: { 'content-type': 'application/yaml' },
  });
  if (status !== 201) throw new Error(`The hook set was not taken: ${text}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
