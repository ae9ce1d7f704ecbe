/** Targets and comparisons as rows of text. */
import type { Comparison } from '../targets/check.ts';
import type { Measured } from '../targets/readings.ts';
import { type Target, targets, verdictOf } from '../targets/targets.ts';
import { figure } from './table.ts';

export function targetRows(measured: Measured): string[][] {
  const body = targets.map((target) => {
    const value = target.measure(measured);
    return [target.text, boundText(target), withUnit(value, target), verdictOf(target, value)];
  });
  return [['target', 'promised', 'measured', ''], ...body];
}

export function comparisonRows(comparisons: readonly Comparison[]): string[][] {
  const body = comparisons.map(({ target, value, baseline, limit, range, verdict }) => [
    target.text,
    withUnit(baseline ?? null, target),
    withUnit(limit, target),
    withUnit(value, target),
    range === null ? '' : range.map(figure).join('–'),
    verdict === 'worse' ? 'WORSE' : verdict,
  ]);
  return [['target', 'baseline', 'noise explains', 'measured', '95 % of it', ''], ...body];
}

export function boundText(target: Pick<Target, 'bound' | 'unit'>): string {
  return 'most' in target.bound
    ? `≤ ${target.bound.most} ${target.unit}`.trim()
    : `≥ ${target.bound.least}`;
}

export function withUnit(value: number | null, { unit }: Pick<Target, 'unit'>): string {
  const text = figure(value);
  return text === '' || unit === '' ? text : `${text} ${unit}`;
}
