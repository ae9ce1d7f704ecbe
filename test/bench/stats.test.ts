import { expect, test } from 'vitest';
import { growth, median, quantile, summarize } from '../../bench/stats.ts';

test.each([
  { q: 0, is: 1 },
  { q: 0.5, is: 2.5 },
  { q: 0.95, is: 3.85 },
  { q: 1, is: 4 },
])('the quantile $q of 1, 2, 3, 4 is $is, between the two nearest', ({ q, is }) => {
  expect(quantile([1, 2, 3, 4], q)).toBeCloseTo(is, 10);
});

test('the quantile of nothing is no number', () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test('times need no order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(summarize([3, 1, 2]).p50Ms).toBe(2);
});

test.each([
  { n: 19, p95: false, p99: false },
  { n: 20, p95: true, p99: false },
  { n: 99, p95: true, p99: false },
  { n: 100, p95: true, p99: true },
])('of $n times p95 is named: $p95, p99: $p99', ({ n, p95, p99 }) => {
  const { p95Ms, p99Ms } = summarize(Array.from({ length: n }, (_, at) => at));
  expect([p95Ms !== null, p99Ms !== null]).toEqual([p95, p99]);
});

test.each([
  { n: 5, range: null },
  { n: 6, range: [1, 6] },
  { n: 25, range: [7, 19] },
  { n: 100, range: [40, 61] },
])('the median of $n times lies between the ranks $range with 95 %', ({ n, range }) => {
  const ranks = Array.from({ length: n }, (_, at) => at + 1);
  expect(summarize(ranks).p50RangeMs).toEqual(range);
});

test.each([
  { name: 'flat', y: () => 7, is: 0 },
  { name: 'linear', y: (x: number) => 3 * x, is: 1 },
  { name: 'quadratic', y: (x: number) => x * x, is: 2 },
  { name: 'flat where x is large', y: (x: number) => (x < 100 ? x : 100), is: 0 },
])('growth that is $name is $is', ({ y, is }) => {
  const points = [0, 1, 10, 100, 1_000, 10_000].map((x) => ({ x, y: y(x) }));
  expect(growth(points)).toBeCloseTo(is, 6);
});
