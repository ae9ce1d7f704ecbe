/** The intervals of the values of targets, from resampled times of the rows that they read. */
import { enoughTimes, intervalOf, type Range, resample } from '../bootstrap.ts';
import type { Row } from '../side-by-side/results.ts';
import { summarize } from '../stats.ts';
import type { Measured } from './readings.ts';
import type { Target } from './targets.ts';

/**
 * By the ids of the targets; null for what was not measured, and for what no row with times decides:
 * memory, and numbers of an earlier run.
 */
export function rangesOf(
  targets: readonly Pick<Target, 'id' | 'measure'>[],
  measured: Measured,
): ReadonlyMap<string, Range | null> {
  return new Map(targets.map(({ id, measure }) => [id, rangeOf(measure, measured)]));
}

function rangeOf(measure: Target['measure'], measured: Measured): Range | null {
  const read = rowsReadBy(measure, measured);
  if (read.size === 0) return null;
  const { sideBySide } = measured;
  return intervalOf((random) => {
    const rows = sideBySide.rows.map((row) => (read.has(row) ? resampledRow(row, random) : row));
    return measure({ ...measured, sideBySide: { ...sideBySide, rows } });
  });
}

/** The rows with enough times without which the value would be another one. */
function rowsReadBy(measure: Target['measure'], measured: Measured): ReadonlySet<Row> {
  const { sideBySide } = measured;
  const { rows } = sideBySide;
  return new Set(
    rows.filter((row) => {
      if ((row.timesMs?.length ?? 0) < enoughTimes) return false;
      const others = rows.filter((one) => one !== row);
      return measure({ ...measured, sideBySide: { ...sideBySide, rows: others } }) === null;
    }),
  );
}

function resampledRow(row: Row, random: () => number): Row {
  const times = row.timesMs ?? [];
  const drawn = resample(times, random);
  const perSecond = row.perSecond * (sumOf(times) / sumOf(drawn));
  return { ...row, ...summarize(drawn), perSecond };
}

function sumOf(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0);
}
