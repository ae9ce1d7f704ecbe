/** Statistics of a set of times. */

export interface Summary {
  readonly n: number;
  readonly p50Ms: number;
  /** Where the median of all such calls is, at 95 %; null if there are too few times. */
  readonly p50RangeMs: readonly [low: number, high: number] | null;
  /** null if there are too few times. */
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** With fewer times than these, the quantile would only be the largest time. */
const enoughFor = { range: 6, p95: 20, p99: 100 } as const;

export function summarize(times: readonly number[]): Summary {
  const sorted = times.toSorted((a, b) => a - b);
  const n = sorted.length;
  return {
    n,
    p50Ms: quantile(sorted, 0.5),
    p50RangeMs: medianRange(sorted),
    p95Ms: n < enoughFor.p95 ? null : quantile(sorted, 0.95),
    p99Ms: n < enoughFor.p99 ? null : quantile(sorted, 0.99),
  };
}

/**
 * The interval that covers the median of the distribution with 95 %, whatever the distribution is:
 * how many of n times are below the median is binomial, with a standard deviation of √n / 2.
 */
function medianRange(sorted: readonly number[]): readonly [number, number] | null {
  const n = sorted.length;
  if (n < enoughFor.range) return null;
  const away = (1.96 * Math.sqrt(n)) / 2;
  const low = sorted[Math.max(0, Math.floor(n / 2 - away) - 1)];
  const high = sorted[Math.min(n - 1, Math.ceil(n / 2 + away))];
  return low === undefined || high === undefined ? null : [low, high];
}

/** Interpolates linearly between the two nearest values; NaN for an empty list. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/**
 * The exponent with which y grows with x: 0 is flat, 1 linear, 2 quadratic. It is the slope of the
 * least-squares line through the logarithms of the last three points above 0; NaN for fewer than
 * two points.
 */
export function growth(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points
    .filter(({ x, y }) => x > 0 && y > 0)
    .slice(-3)
    .map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const above = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const below = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return above / below;
}
