/**
 * Intervals by resampling: how much a number would differ if the run were made again, judged by the
 * times of this run alone. Nothing is assumed of their distribution; a drift of the machine that hits
 * two contenders unequally is not seen.
 */
import { median, quantile } from './stats.ts';

/** The two ends of an interval. */
export type Range = readonly [low: number, high: number];

const resamples = 400;
const covered = 0.95;
/** With fewer times a resample is the sample itself too often. */
export const enoughTimes = 6;

/** Equal in each run, so that equal times have equal intervals. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As many times as there are, each drawn from all of them. */
export function resample(times: readonly number[], random: () => number): number[] {
  return times.map(() => times[Math.floor(random() * times.length)] ?? Number.NaN);
}

/**
 * The interval that has 95 % of what `estimate` makes of resamples.
 * @returns null where it makes nothing of one.
 */
export function intervalOf(estimate: (random: () => number) => number | null): Range | null {
  const random = seededRandom();
  const values: number[] = [];
  for (let turn = 0; turn < resamples; turn++) {
    const value = estimate(random);
    if (value === null || Number.isNaN(value)) return null;
    values.push(value);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const outside = (1 - covered) / 2;
  return [quantile(sorted, outside), quantile(sorted, 1 - outside)];
}

/** The interval of the ratio of two medians; null for too few times. */
export function medianRatioRange(above: readonly number[], below: readonly number[]): Range | null {
  if (Math.min(above.length, below.length) < enoughTimes) return null;
  return intervalOf((random) => median(resample(above, random)) / median(resample(below, random)));
}
