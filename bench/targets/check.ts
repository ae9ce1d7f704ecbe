/** Detects values that are worse than the baseline by more than noise explains. */
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
  readonly regressed: boolean;
}

/** A value that was not measured is not a regression. */
export function compare(
  targets: readonly Compared[],
  values: ReadonlyMap<string, number | null>,
  baseline: Baseline,
): Comparison[] {
  return targets.map((target) => {
    const value = values.get(target.id) ?? null;
    const was = baseline.values[target.id];
    const limit = limitOf(target, was ?? boundOf(target));
    const regressed = value !== null && isWorse(target, value, limit);
    return { target, value, baseline: was, limit, regressed };
  });
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
