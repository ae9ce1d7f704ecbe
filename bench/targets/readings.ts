/** What the targets read from the results of a run; null for what was not measured. */
import { guardNames } from '../guards.ts';
import { type Rest, smallContext } from '../side-by-side/matrix.ts';
import { findRow, type Row, type SideBySide } from '../side-by-side/results.ts';
import type { Soak } from '../soak.ts';

const [python] = guardNames;

/** The results from which targets are computed. */
export interface Measured {
  readonly sideBySide: SideBySide;
  /** null if `npm run bench -- soak` has not been run. */
  readonly soak: Soak | null;
}

function oneCaller(
  { sideBySide }: Measured,
  method: string,
  guard: string,
  rest: Rest,
): Row | undefined {
  return findRow(sideBySide.rows, {
    method,
    guard,
    rest,
    callers: 1,
    contextBytes: smallContext,
  } as Partial<Row>);
}

export function p50(from: Measured, method: string, guard: string, rest: Rest): number | null {
  return oneCaller(from, method, guard, rest)?.p50Ms ?? null;
}

export function queueShare(from: Measured, rest: Rest): number | null {
  return minus(
    p50(from, 'hookpool HTTP + queue', python, rest),
    p50(from, 'hookpool tenant', python, rest),
  );
}

export function rate({ sideBySide }: Measured, method: string, guard: string): number | null {
  const row = findRow(sideBySide.rows, {
    method,
    guard,
    rest: 0,
    callers: 8,
    contextBytes: smallContext,
  } as Partial<Row>);
  return row?.perSecond ?? null;
}

export function tail({ sideBySide: { rows } }: Measured, method: string): number | null {
  const row = findRow(rows, { method, guard: python, rest: 'half load', callers: 8 });
  return row === undefined ? null : ratio(row.p99Ms, row.p50Ms);
}

export function ratio(above: number | null, below: number | null): number | null {
  return above === null || below === null ? null : above / below;
}

export function minus(from: number | null, what: number | null): number | null {
  return from === null || what === null ? null : from - what;
}

/**
 * The largest value; null if one is missing, so that a target never holds because of a missing
 * value.
 */
export function worst(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : Math.max(...values.map(Number));
}
