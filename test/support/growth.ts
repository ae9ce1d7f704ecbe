/**
 * Measures how the time and the memory of a reader grow when its input doubles. Linear work
 * doubles, quadratic work takes four times as long. Time is the CPU time of this thread, so that a
 * busy machine has no effect; memory is the sum of all allocations, freed or not, so that the time
 * of a garbage collection has no effect.
 */
import { GCProfiler } from 'node:v8';
import vm from 'node:vm';
import { threadMs } from './thread-time.ts';

export interface Shape<Input> {
  /** Makes the input of a size: the number of levels, keys or lines that is doubled. */
  readonly make: (size: number) => Input;
  /** The reader. An error that it throws counts as its answer, except a stack overflow. */
  readonly run: (input: Input) => unknown;
  /** The first size. */
  readonly n: number;
  /** The largest size; 256 times `n` by default. */
  readonly largest?: number;
  /**
   * A run of this many milliseconds is long enough: larger sizes are not tried. The default is 7 times
   * the least time that counts, so that a quadratic reader shows in the next size, four times as large.
   */
  readonly enoughMs?: number;
}

export interface Growth {
  /** The size at which doubling had the worst growth. */
  readonly n: number;
  /**
   * Time for `2n` divided by the time for `n`, both without the time for a size of 1. `Infinity` if
   * a run did not end.
   */
  readonly timeRatio: number;
  /** The same ratio for allocated bytes. */
  readonly memoryRatio: number;
  /** CPU time of the second largest run in milliseconds; `Infinity` if it did not end. */
  readonly ms: number;
}

/** The largest permitted `timeRatio` of every reader. */
export const mostTime = 3;
export const mostMemory = 4;
/** Shorter times are not significant: one garbage collection or compilation takes as long. */
const floorMs = 1.5;
const floorBytes = 256 << 10;
/** A run that takes longer by the clock is ended, and counts as endless. */
const endlessMs = 2_000;
const attempts = 6;
/** Where other processes had the core for most of that time, the run has shown nothing. */
const starvedMs = endlessMs / 2;

interface Cost {
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Doubles the size until a run is long enough, and returns the worst growth of a doubling. Each
 * growth is the mean of two doublings, because a growing table or a full cache causes a step at a
 * single size only.
 */
export function growth<Input>({
  make,
  run,
  n,
  largest = n * 256,
  enoughMs = 10,
}: Shape<Input>): Growth {
  const costs = new Map<number, Cost>();
  // One for all sizes: to make one takes 0.6 ms, six times what a call in it takes.
  const context = vm.createContext({});
  const measured = (size: number): Cost => {
    const known = costs.get(size);
    const now = measure(() => make(size), run, context);
    const least =
      known === undefined
        ? now
        : { ms: Math.min(known.ms, now.ms), bytes: Math.min(known.bytes, now.bytes) };
    costs.set(size, least);
    return least;
  };
  // Warm-up: the reader is compiled before measured runs.
  for (let round = 0; round < 3; round += 1) for (const size of [1, n, n * 2]) measured(size);
  const cost = (size: number): Cost => costs.get(size) ?? measured(size);
  // Time that another process takes once does not repeat in the next size; a curve that is really
  // too steep does.
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
    // Measures a ratio that is too high again, and reports the minimum time of each size.
    for (
      let attempt = 1;
      attempt < attempts && isTooMuch(asked()) && cost(size * 4).ms < endlessMs;
      attempt += 1
    ) {
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

/** Ratios per doubling, where `after` has four times the size of `before`. */
function ratios(empty: Cost, before: Cost, after: Cost): Ratios {
  const ratio = (from: number, to: number, floor: number) =>
    Math.sqrt(Math.max(to, floor) / Math.max(from, floor));
  return {
    timeRatio: ratio(before.ms - empty.ms, after.ms - empty.ms, floorMs),
    memoryRatio: ratio(before.bytes - empty.bytes, after.bytes - empty.bytes, floorBytes),
  };
}

function worse(one: Growth, other: Growth): Growth {
  const measure = ({ timeRatio, memoryRatio }: Growth) =>
    Math.max(timeRatio / mostTime, memoryRatio / mostMemory);
  return measure(other) > measure(one) ? other : one;
}

/**
 * Measures one run with a fresh input, because engines cache facts about a text (its hash, its last
 * match).
 */
function measure<Input>(
  make: () => Input,
  run: (input: Input) => unknown,
  context: vm.Context,
  triesLeft = attempts,
): Cost {
  const input = make();
  const profiler = new GCProfiler();
  profiler.start();
  const heap = process.memoryUsage().heapUsed;
  const began = threadMs();
  const ended = runWithin(() => run(input), context);
  const ms = threadMs() - began;
  if (!ended && ms < starvedMs && triesLeft > 1) return measure(make, run, context, triesLeft - 1);
  return { ms: ended ? ms : Number.POSITIVE_INFINITY, bytes: allocated(profiler, heap) };
}

/** Allocated bytes: those that collections freed plus the growth of the heap. */
function allocated(profiler: GCProfiler, heapBefore: number): number {
  const heapAfter = process.memoryUsage().heapUsed;
  const used = ({ heapStatistics }: { heapStatistics: { usedHeapSize: number } }) =>
    heapStatistics.usedHeapSize;
  const collected = profiler
    .stop()
    .statistics.reduce((sum, gc) => sum + used(gc.beforeGC) - used(gc.afterGC), 0);
  return Math.max(0, heapAfter - heapBefore + collected);
}

/** @returns false if the run was terminated; V8 can also terminate a backtracking expression. */
function runWithin(run: () => unknown, context: vm.Context): boolean {
  context['run'] = run;
  try {
    vm.runInContext('run()', context, { timeout: endlessMs });
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    if (error instanceof RangeError && error.message.includes('call stack')) throw error;
  }
  return true;
}

function codeOf(error: unknown): unknown {
  return error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
}
