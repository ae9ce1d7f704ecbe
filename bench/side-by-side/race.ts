/**
 * Measures all cells in one run: in each round every cell has one turn of several calls, and each
 * round begins with another contender, so that a drift of the machine affects all contenders
 * equally.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOurs } from '../contenders/contender.ts';
import type { PooledContender } from '../contenders/in-process.ts';
import type { Field } from '../contenders/open.ts';
import { contextOf, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import type { Cell, Rest } from './matrix.ts';

/** The results of a cell. */
export interface Tally {
  readonly times: number[];
  /** Calls of contenders other than hookpool that did not return the expected decision. */
  failed: number;
  /** Duration of its turns in seconds, without warm-up. */
  busySeconds: number;
  /** CPU seconds of the whole machine in its turns, without the background load. */
  cpuSeconds: number;
  /** Number of calls that the CPU seconds cover. */
  cpuCalls: number;
}

export interface Clock {
  /** CPU seconds of the whole machine so far. */
  readonly cpuSeconds: () => number;
  /** CPU seconds per second while the bench is idle. */
  readonly backgroundPerSecond: number;
}

const rounds = 5;
const quickRounds = 1;
const quickShare = 20;
/** Pause after each turn, so that its background work does not count for the next turn. */
const pauseMs = 15;
const refilledMs = 30;
const refillTimeoutMs = 30_000;

export async function race(
  cells: readonly Cell[],
  field: Field,
  clock: Clock,
  { quick, interrupted, progress }: BenchOptions,
): Promise<Map<Cell, Tally>> {
  const present = cells.filter(({ method }) => field.contenders.has(method));
  const tallies = new Map(
    present.map((cell) => [
      cell,
      { times: [], failed: 0, busySeconds: 0, cpuSeconds: 0, cpuCalls: 0 },
    ]),
  );
  const last = quick ? quickRounds : rounds;
  for (let round = 0; round < last; round++) {
    progress(`round ${round + 1} of ${last}`);
    for (const group of groupsOf(present)) {
      for (let turn = 0; turn < group.length; turn++) {
        const cell = group[(turn + round) % group.length];
        const calls = cell === undefined ? 0 : callsInRound(cell.calls, round, quick);
        if (cell === undefined || calls === 0) continue;
        interrupted.throwIfAborted();
        await takeTurn(cell, calls, { field, clock, tallies });
      }
    }
  }
  return tallies;
}

/** Groups cells that differ only in the contender. */
function groupsOf(cells: readonly Cell[]): Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.guard, cell.rest, cell.callers, cell.contextBytes]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(cell);
  }
  return [...groups.values()];
}

/** Spreads the calls of a whole run over the rounds. */
export function callsInRound(calls: number, round: number, quick: boolean): number {
  if (quick) return round === 0 ? Math.max(2, Math.round(calls / quickShare)) : 0;
  return Math.floor((calls * (round + 1)) / rounds) - Math.floor((calls * round) / rounds);
}

interface Course {
  readonly field: Field;
  readonly clock: Clock;
  readonly tallies: ReadonlyMap<Cell, Tally>;
}

async function takeTurn(
  cell: Cell,
  calls: number,
  { field, clock, tallies }: Course,
): Promise<void> {
  const tally = tallies.get(cell);
  const contender = field.contenders.get(cell.method);
  if (tally === undefined || contender === undefined) return;
  const guard = guardOf(cell.guard);
  const context = contextOf(cell.contextBytes);
  const call = async () => {
    const asked = performance.now();
    try {
      await contender.call(guard, context);
      return performance.now() - asked;
    } catch (error) {
      if (isOurs(cell.method)) throw error;
      tally.failed++;
      return undefined;
    }
  };
  await settle(field);
  const startedAt = performance.now();
  const cpuAtStart = clock.cpuSeconds();
  // The warm-up call is not counted: it follows the pause between turns, and after a change of
  // guard the caches are cold.
  const warmUps = calls > 1 && cell.callers === 1 ? 1 : 0;
  if (warmUps > 0) await call();
  const countedFrom = performance.now();
  const rest = () => restBefore(cell, tallies, field);
  await callBy(cell.callers, calls, async () => {
    await rest();
    const took = await call();
    if (took !== undefined) tally.times.push(took);
  });
  tally.busySeconds += (performance.now() - countedFrom) / 1000;
  await settle(field);
  const background = ((performance.now() - startedAt) / 1000) * clock.backgroundPerSecond;
  tally.cpuSeconds += clock.cpuSeconds() - cpuAtStart - background;
  tally.cpuCalls += calls + warmUps;
}

/** Runs `count` calls by `callers` callers, each of which sends its next call after an answer. */
export async function callBy(
  callers: number,
  count: number,
  call: () => Promise<void>,
): Promise<void> {
  let left = count;
  const caller = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: Math.min(callers, count) }, caller));
}

async function restBefore(
  cell: Cell,
  tallies: ReadonlyMap<Cell, Tally>,
  field: Field,
): Promise<void> {
  if (cell.rest === 0) return;
  if (cell.rest === 'refilled') await settle(field);
  await sleep(cell.rest === 'half load' ? halfLoadMs(cell, tallies) : restMs(cell.rest));
}

function restMs(rest: Exclude<Rest, 'half load'>): number {
  return rest === 'refilled' ? refilledMs : rest;
}

/**
 * Pause for at most half of the contender's maximum rate over all callers; random, because agents
 * are irregular.
 */
function halfLoadMs(cell: Cell, tallies: ReadonlyMap<Cell, Tally>): number {
  const same = ([{ guard, method, callers, rest }]: [Cell, Tally]) =>
    guard === cell.guard && method === cell.method && callers === cell.callers && rest === 0;
  const saturated = [...tallies].find(same)?.[1];
  if (saturated === undefined || saturated.times.length === 0)
    throw new Error(`${cell.method}: measure it without a rest first.`);
  const msPerCall = (1000 * saturated.busySeconds) / saturated.times.length;
  return 2 * cell.callers * msPerCall * (0.5 + Math.random());
}

/** Waits until no pool creates a sandbox, and until a blank one is ready if each job needs one. */
async function settle({ pooled }: Field): Promise<void> {
  await sleep(pauseMs);
  const giveUp = performance.now() + refillTimeoutMs;
  const isBusy = ({ pool, isolation }: PooledContender) => {
    const { creating, blank } = pool.stats();
    return creating > 0 || (isolation === 'job' && blank === 0);
  };
  while (pooled.some(isBusy)) {
    if (performance.now() > giveUp) throw new Error('The pools were not refilled within 30 s.');
    await sleep(1);
  }
}
