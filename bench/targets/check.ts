/**
 * Detects values that are worse than the baseline by more than noise explains, and those of which the
 * run cannot tell: the interval of the value has the limit in it.
 */
import type { Range } from '../bootstrap.ts';
import type { Target } from './targets.ts';

/** The reference values, by the id of the target. */
export interface Baseline {
  readonly date: string;
  readonly cpus: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A target without the way to its value. */
export type Compared = Omit<Target, 'measure'>;

export interface Comparison {
  readonly target: Compared;
  readonly value: number | null;
  /** undefined if the baseline does not contain the target. */
  readonly baseline: number | undefined;
  /** The worst value that noise explains; without a baseline, beyond the bound of the target. */
  readonly limit: number;
  /** Where the value would be if the run were made again, at 95 %; null if that is unknown. */
  readonly range: Range | null;
  readonly verdict: 'ok' | 'worse' | 'cannot tell' | 'not measured';
}

/** What one run measured, by the ids of the targets. */
export interface Values {
  readonly values: ReadonlyMap<string, number | null>;
  readonly ranges?: ReadonlyMap<string, Range | null> | undefined;
}

/** A value without an interval is judged as if it were exact. */
export function compare(
  targets: readonly Compared[],
  { values, ranges }: Values,
  baseline: Baseline,
): Comparison[] {
  return targets.map((target) => {
    const value = values.get(target.id) ?? null;
    const was = baseline.values[target.id];
    const limit = limitOf(target, was ?? boundOf(target));
    const range = ranges?.get(target.id) ?? null;
    const ends = value === null ? [] : (range ?? [value]);
    return { target, value, baseline: was, limit, range, verdict: verdictOf(target, ends, limit) };
  });
}

function verdictOf(
  target: Compared,
  ends: readonly number[],
  limit: number,
): Comparison['verdict'] {
  if (ends.length === 0) return 'not measured';
  const worse = ends.filter((end) => isWorse(target, end, limit)).length;
  if (worse === 0) return 'ok';
  return worse === ends.length ? 'worse' : 'cannot tell';
}

function boundOf({ bound }: Compared): number {
  return 'most' in bound ? bound.most : bound.least;
}

function limitOf({ bound, noise }: Compared, was: number): number {
  const margin = Math.abs(was) * noise.share + noise.plus;
  return 'most' in bound ? was + margin : was - margin;
}

function isWorse({ bound }: Compared, value: number, limit: number): boolean {
  return 'most' in bound ? value > limit : value < limit;
}
