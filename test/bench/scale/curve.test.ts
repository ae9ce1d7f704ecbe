import { expect, test } from 'vitest';
import { verdictOf } from '../../../bench/scale/curve.ts';

const series = (most: number, y: (x: number) => number) => ({
  name: 'cost',
  most,
  points: [0, 1, 10, 100, 1_000].map((x) => ({ x, y: y(x) })),
});

test.each([
  { name: 'flat, as it should be', most: 0, y: () => 3, asExpected: true },
  { name: 'linear where flat is expected', most: 0, y: (x: number) => x, asExpected: false },
  { name: 'linear, as it should be', most: 1, y: (x: number) => x, asExpected: true },
  {
    name: 'quadratic where linear is expected',
    most: 1,
    y: (x: number) => x * x,
    asExpected: false,
  },
  {
    name: 'logarithmic above a base',
    most: 0,
    y: (x: number) => 10 + Math.log2(x + 1),
    asExpected: true,
  },
  { name: 'noisy by a tenth', most: 0, y: (x: number) => (x === 100 ? 1.1 : 1), asExpected: true },
  { name: 'falling', most: 0, y: (x: number) => 1 / (x + 1), asExpected: true },
  { name: 'too small to be measured', most: 1, y: () => 0, asExpected: true },
])('a cost that is $name: as expected is $asExpected', ({ most, y, asExpected }) => {
  expect(verdictOf(series(most, y)).asExpected).toBe(asExpected);
});
