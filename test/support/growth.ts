/**
 * How the time and the memory of a reader grow when its input doubles. Linear work doubles, quadratic work takes four
 * times as long. Time is the CPU time of this thread, so that a busy machine does not count; memory is all that was
 * allocated, freed or not, so that the moment of a collection does not count.
 */
import { GCProfiler } from 'node:v8';
import vm from 'node:vm';
import { threadMs } from './thread-time.ts';

export interface Shape<Input> {
  /** The input of a size: levels, keys, lines, whatever is doubled. */
  readonly make: (size: number) => Input;
  /** The reader. An error that it throws is its answer, but for a stack overflow. */
  readonly run: (input: Input) => unknown;
  /** The size to begin with. */
  readonly n: number;
  /** The largest size that is tried; 256 times `n` unless given. */
  readonly largest?: number;
  /** Runs that take so long, in milliseconds, tell enough: larger sizes are not tried. */
  readonly enoughMs?: number;
}

export interface Growth {
  /** The size from which the doubling was worst. */
  readonly n: number;
  /** Time for `2n` by the time for `n`, both without the time for a size of 1. `Infinity` when a run had no end. */
  readonly timeRatio: number;
  /** As `timeRatio`, of the bytes that were allocated. */
  readonly memoryRatio: number;
  /** CPU time of the largest run but one, in milliseconds; `Infinity` when it had no end. */
  readonly ms: number;
}

/** What a test asks of every reader. */
export const mostTime = 3;
export const mostMemory = 4;
/** Shorter times tell nothing: one collection or one compilation takes as long. */
const floorMs = 3;
const floorBytes = 256 << 10;
/** A run that takes longer has no end, for a test. */
const endlessMs = 2_000;
const attempts = 6;

interface Cost {
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Doubles the size until a run takes long enough to tell, and gives the worst growth of a doubling. Each is the mean of
 * two: a table that grows or a cache that is full makes a step at one size, and no curve.
 */
export function growth<Input>({ make, run, n, largest = n * 256, enoughMs = 20 }: Shape<Input>): Growth {
  const costs = new Map<number, Cost>();
  const measured = (size: number): Cost => {
    const known = costs.get(size);
    const now = measure(() => make(size), run);
    const least = known === undefined ? now : { ms: Math.min(known.ms, now.ms), bytes: Math.min(known.bytes, now.bytes) };
    costs.set(size, least);
    return least;
  };
  // Compiled and warm before it counts.
  for (let round = 0; round < 3; round += 1) for (const size of [1, n, n * 2]) measured(size);
  const cost = (size: number): Cost => costs.get(size) ?? measured(size);
  // Where time is lost to another process once, the curve goes on as before; a curve that is too steep stays so.
  const confirmed = (seen: Ratios, size: number): Ratios => {
    if (seen.timeRatio <= mostTime || cost(size * 4).ms >= endlessMs) return seen;
    for (const one of [size * 2, size * 8]) measured(one);
    const further = ratios(cost(1), cost(size * 2), cost(size * 8));
    return { ...seen, timeRatio: Math.min(seen.timeRatio, further.timeRatio) };
  };
  let worst: Growth = { n, timeRatio: 1, memoryRatio: 1, ms: 0 };
  let size = n;
  for (; size * 4 <= largest && cost(size * 2).ms < enoughMs; size *= 2) {
    const sizes = [1, size, size * 4];
    const asked = () => ratios(...(sizes.map(cost) as [Cost, Cost, Cost]));
    // What seems too much is asked again before it counts: the least that each size was seen to take is told.
    for (let attempt = 1; attempt < attempts && isTooMuch(asked()) && cost(size * 4).ms < endlessMs; attempt += 1) {
      for (const one of sizes) measured(one);
    }
    worst = worse(worst, { n: size, ...confirmed(asked(), size), ms: 0 });
  }
  return { ...worst, ms: cost(size * 2).ms };
}

type Ratios = Pick<Growth, 'timeRatio' | 'memoryRatio'>;

function isTooMuch({ timeRatio, memoryRatio }: Ratios): boolean {
  return timeRatio > mostTime || memoryRatio > mostMemory;
}

/** Per doubling, where `after` is of four times the size of `before`. */
function ratios(empty: Cost, before: Cost, after: Cost): Ratios {
  const ratio = (from: number, to: number, floor: number) => Math.sqrt(Math.max(to, floor) / Math.max(from, floor));
  return {
    timeRatio: ratio(before.ms - empty.ms, after.ms - empty.ms, floorMs),
    memoryRatio: ratio(before.bytes - empty.bytes, after.bytes - empty.bytes, floorBytes),
  };
}

function worse(one: Growth, other: Growth): Growth {
  const measure = ({ timeRatio, memoryRatio }: Growth) => Math.max(timeRatio / mostTime, memoryRatio / mostMemory);
  return measure(other) > measure(one) ? other : one;
}

/** One run, with a fresh input: engines keep what they know of a text (its hash, its last match). */
function measure<Input>(make: () => Input, run: (input: Input) => unknown): Cost {
  const input = make();
  const profiler = new GCProfiler();
  profiler.start();
  const heap = process.memoryUsage().heapUsed;
  const began = threadMs();
  const ended = runWithin(() => run(input));
  const ms = threadMs() - began;
  return { ms: ended ? ms : Number.POSITIVE_INFINITY, bytes: allocated(profiler, heap) };
}

/** What the collections took away, and what is there more than before. */
function allocated(profiler: GCProfiler, heapBefore: number): number {
  const heapAfter = process.memoryUsage().heapUsed;
  const used = ({ heapStatistics }: { heapStatistics: { usedHeapSize: number } }) => heapStatistics.usedHeapSize;
  const collected = profiler.stop().statistics.reduce((sum, gc) => sum + used(gc.beforeGC) - used(gc.afterGC), 0);
  return Math.max(0, heapAfter - heapBefore + collected);
}

/** False when it had to be ended: V8 also ends an expression that backtracks. */
function runWithin(run: () => unknown): boolean {
  try {
    vm.runInNewContext('run()', { run }, { timeout: endlessMs });
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    if (error instanceof RangeError && error.message.includes('call stack')) throw error;
  }
  return true;
}

function codeOf(error: unknown): unknown {
  return error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
}
