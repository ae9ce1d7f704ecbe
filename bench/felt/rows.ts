/** Makes rows of the times of a run. */
import { medianRatioRange } from '../bootstrap.ts';
import { median, summarize } from '../stats.ts';
import { bare, bareImage, type FeltCell } from './matrix.ts';
import type { FeltRow, FeltTimes } from './results.ts';

export function feltRows(times: FeltTimes): FeltRow[] {
  return [...times].map(([cell, own]) => {
    const { calls: _, restMs: __, ...setting } = cell;
    const [beside, image] = [bare, bareImage].map((method) => timesOf(times, { ...cell, method }));
    const isBare = cell.method === bare || cell.method === bareImage;
    return {
      ...setting,
      ...summarize(own),
      ...ratiosTo(isBare ? undefined : beside, own, 'ratio'),
      ...ratiosTo(isBare ? undefined : image, own, 'imageRatio'),
    };
  });
}

type Ratios<Name extends 'ratio' | 'imageRatio'> = Pick<FeltRow, Name | `${Name}Range`>;

function ratiosTo<Name extends 'ratio' | 'imageRatio'>(
  bareTimes: readonly number[] | undefined,
  own: readonly number[],
  name: Name,
): Ratios<Name> {
  const isKnown = bareTimes !== undefined && bareTimes.length > 0 && own.length > 0;
  const ratio = isKnown ? median(own) / median(bareTimes) : null;
  const range = isKnown ? medianRatioRange(own, bareTimes) : null;
  return { [name]: ratio, [`${name}Range`]: range } as Ratios<Name>;
}

/** The times of the cell with this setting. */
export function timesOf(
  times: FeltTimes,
  { guard, hooks, contextBytes, method }: Omit<FeltCell, 'calls' | 'restMs'>,
): readonly number[] | undefined {
  const found = [...times.keys()].find(
    (one) =>
      one.guard === guard &&
      one.hooks === hooks &&
      one.contextBytes === contextBytes &&
      one.method === method,
  );
  return found === undefined ? undefined : times.get(found);
}
