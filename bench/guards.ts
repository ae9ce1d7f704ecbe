/**
 * What a sandbox costs: the same guard started bare by Node, and run by hookpool in this process.
 *
 * All of them are measured in one run, in turns of a few calls, and each round begins with another
 * one, so that a drift of the machine hits all alike. The first call of a turn is not counted: it
 * has the pause between turns before it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine, evaluate, execute, type Hook, type Isolation, openPool, type Pool } from '../src/index.ts';
import { bare, context, expectBlock, type Guard, hooks, python, writeGuards } from './guard-set.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { type Cell, printCells, summarize } from './report.ts';

const image = process.env['HOOKPOOL_IMAGE'];

/** One row of the result: what is called, how often in a turn, and how long it rests in between. */
interface Contender {
  readonly guard: string;
  readonly method: string;
  readonly gap: string;
  readonly everyRounds: number;
  readonly callsPerTurn: number;
  readonly rest: () => Promise<unknown>;
  readonly call: () => Promise<unknown>;
  readonly times: number[];
}

const jobEveryRounds = 8;
const jobCallsPerTurn = 2;
const warmUpCalls = 6;
/** After each turn: what it left to be done behind its back shall not be paid by the next one. */
const pauseMs = 15;

export async function benchGuards(options: BenchOptions): Promise<void> {
  const engine = new Engine();
  const machine = await describeMachine(engine, python);
  const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-bench-'));
  const pools = { tenant: openPool({ engine, image }), job: openPool({ engine, image }) };
  try {
    // Without an image this says so; later it would only be a guard that did not block.
    (await pools.tenant.acquire('bench', 'tenant')).release();
    const contenders = (await writeGuards(folder)).flatMap((guard) => contendersOf(guard, pools));
    const seconds = await race(contenders, pools, options);
    report(machine, contenders, seconds, options.json);
  } finally {
    await Promise.all([pools.tenant.drain(), pools.job.drain()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function race(
  contenders: readonly Contender[],
  pools: Readonly<Record<Isolation, Pool>>,
  { quick, interrupted }: BenchOptions,
): Promise<number> {
  const rounds = quick ? 8 : 40;
  for (const contender of contenders.filter((one) => one.everyRounds === 1))
    for (let call = 0; call < warmUpCalls; call++) await contender.call();
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length];
      if (contender === undefined || round % contender.everyRounds !== 0) continue;
      await settle(pools);
      interrupted.throwIfAborted();
      await take(contender);
    }
  }
  return (performance.now() - started) / 1000;
}

async function take({ call, rest, callsPerTurn, times }: Contender): Promise<void> {
  await call();
  for (let count = 0; count < callsPerTurn; count++) {
    await rest();
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
}

function contendersOf(guard: Guard, pools: Readonly<Record<Isolation, Pool>>): Contender[] {
  const inPool = (isolation: Isolation) => () => sandboxed(guard.hook, pools[isolation], isolation);
  const row = (method: string, gapMs: number, call: () => Promise<unknown>, everyRounds = 1): Contender => ({
    guard: guard.hook.name,
    method,
    gap: `${gapMs} ms`,
    everyRounds,
    callsPerTurn: everyRounds === 1 ? 3 : jobCallsPerTurn,
    rest: () => (gapMs === 0 ? Promise.resolve() : sleep(gapMs)),
    call,
    times: [],
  });
  const gaps = [0, 30].flatMap((gapMs) => [
    row('bare', gapMs, () => bare(guard)),
    row('hookpool tenant', gapMs, inPool('tenant')),
    row('hookpool job', gapMs, inPool('job'), jobEveryRounds),
  ]);
  const refilled = { ...row('hookpool job', 0, inPool('job'), jobEveryRounds), gap: 'refilled', rest: () => settle(pools) };
  return [...gaps, refilled];
}

async function sandboxed(hook: Hook, pool: Pool, isolation: Isolation): Promise<void> {
  const { dialect } = hooks;
  const request = { dialect, hooks: [hook], context, tenant: 'bench', isolation };
  expectBlock(await evaluate(request, (job, signal) => execute(pool, job, signal)));
}

/** Until no pool creates a sandbox and each has a blank one. */
async function settle(pools: Readonly<Record<Isolation, Pool>>): Promise<void> {
  await sleep(pauseMs);
  const giveUp = performance.now() + 30_000;
  while (Object.values(pools).some((pool) => pool.stats().creating > 0 || pool.stats().blank === 0)) {
    if (performance.now() > giveUp) throw new Error('The pools were not refilled within 30 s.');
    await sleep(1);
  }
}

function report(machine: Machine, contenders: readonly Contender[], seconds: number, json: boolean): void {
  const cells: Cell[] = contenders.map(({ guard, method, gap, times }) => ({ guard, method, gap, ...summarize(times) }));
  printCells({ machine, seconds, cells }, json);
}
