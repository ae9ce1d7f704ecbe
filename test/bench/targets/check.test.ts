import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { medianRatioRange, type Range } from '../../../bench/bootstrap.ts';
import { feltTargets } from '../../../bench/felt/targets.ts';
import { median } from '../../../bench/stats.ts';
import { compare } from '../../../bench/targets/check.ts';
import { type Target, targets } from '../../../bench/targets/targets.ts';
import { typeTargets } from '../../../bench/types/targets.ts';

const most: Target = {
  id: 'most',
  text: 'less is better',
  unit: '',
  bound: { most: 1 },
  noise: { share: 0.2, plus: 0.1 },
  measure: () => null,
};
const least: Target = { ...most, id: 'least', bound: { least: 1 } };
const baseline = { date: '2026-01-01', cpus: '2 x Some CPU', values: { most: 1, least: 10 } };

const verdictAt = (target: Target, value: number | null, range: Range | null = null) => {
  const measured = {
    values: new Map([[target.id, value]]),
    ranges: new Map([[target.id, range]]),
  };
  return compare([target], measured, baseline)[0]?.verdict;
};

test.each([
  { target: most, value: 1.3, verdict: 'ok', why: 'noise explains it' },
  { target: most, value: 1.31, verdict: 'worse', why: 'it is beyond noise' },
  { target: most, value: 0.1, verdict: 'ok', why: 'it got better' },
  { target: least, value: 7.9, verdict: 'ok', why: 'noise explains it' },
  { target: least, value: 7.8, verdict: 'worse', why: 'it is beyond noise' },
  { target: least, value: 100, verdict: 'ok', why: 'it got better' },
  { target: least, value: null, verdict: 'not measured', why: 'nobody measured it' },
])('$target.id at $value is $verdict, because $why', ({ target, value, verdict }) => {
  expect(verdictAt(target, value)).toBe(verdict);
});

test.each([
  { target: most, value: 1.2, range: [1.1, 1.29], verdict: 'ok' },
  { target: most, value: 1.2, range: [1.1, 1.4], verdict: 'cannot tell' },
  { target: most, value: 1.4, range: [1.2, 1.6], verdict: 'cannot tell' },
  { target: most, value: 1.4, range: [1.35, 1.6], verdict: 'worse' },
  { target: least, value: 8.5, range: [8, 9], verdict: 'ok' },
  { target: least, value: 8, range: [7, 9], verdict: 'cannot tell' },
  { target: least, value: 7, range: [6, 7.8], verdict: 'worse' },
] as const)(
  '$target.id at $value, somewhere between $range, is $verdict',
  ({ target, value, range, verdict }) => {
    expect(verdictAt(target, value, range)).toBe(verdict);
  },
);

test('made-up runs: calm and equal is ok, calm and slower is worse, and of a restless one nobody can tell', () => {
  const run = (slower: number, width: number) => {
    const times = (middle: number) =>
      Array.from({ length: 40 }, (_, at) => middle * (1 - width / 2 + (width * (at + 0.5)) / 40));
    const [own, beside] = [times(10 * slower), times(10)];
    return verdictAt(most, median(own) / median(beside), medianRatioRange(own, beside));
  };
  expect(run(1, 0.1)).toBe('ok');
  expect(run(1.6, 0.1)).toBe('worse');
  expect(run(1.3, 1.8)).toBe('cannot tell');
});

test.each([
  { value: 1.3, verdict: 'ok' },
  { value: 1.31, verdict: 'worse' },
])(
  'a target that the baseline does not know is held against its bound: $value is $verdict',
  ({ value, verdict }) => {
    const measured = { values: new Map([['new', value]]) };
    const [comparison] = compare([{ ...most, id: 'new' }], measured, baseline);
    expect(comparison).toMatchObject({ baseline: undefined, verdict });
    expect(comparison?.limit).toBeCloseTo(1.3, 10);
  },
);

test.runIf(existsSync(path.join(import.meta.dirname, '../../../bench/baseline.json')))(
  'the stored baseline names only targets that there are',
  () => {
    const stored = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../bench/baseline.json'), 'utf8'),
    );
    const known = new Set([...targets, ...typeTargets, ...feltTargets].map(({ id }) => id));
    expect(Object.keys(stored.values).length).toBeGreaterThan(5);
    expect(Object.keys(stored.values).filter((id) => !known.has(id))).toEqual([]);
  },
);
