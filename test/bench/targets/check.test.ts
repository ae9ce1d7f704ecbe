import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
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

test.each([
  { target: most, value: 1.3, regressed: false, why: 'noise explains it' },
  { target: most, value: 1.31, regressed: true, why: 'it is beyond noise' },
  { target: most, value: 0.1, regressed: false, why: 'it got better' },
  { target: least, value: 7.9, regressed: false, why: 'noise explains it' },
  { target: least, value: 7.8, regressed: true, why: 'it is beyond noise' },
  { target: least, value: 100, regressed: false, why: 'it got better' },
  { target: least, value: null, regressed: false, why: 'nobody measured it' },
])(
  '$target.id at $value has regressed: $regressed, because $why',
  ({ target, value, regressed }) => {
    const [comparison] = compare([target], new Map([[target.id, value]]), baseline);
    expect(comparison?.regressed).toBe(regressed);
  },
);

test.each([
  { value: 1.3, regressed: false },
  { value: 1.31, regressed: true },
])(
  'a target that the baseline does not know is held against its bound: $value has regressed: $regressed',
  ({ value, regressed }) => {
    const [comparison] = compare([{ ...most, id: 'new' }], new Map([['new', value]]), baseline);
    expect(comparison).toMatchObject({ baseline: undefined, regressed });
    expect(comparison?.limit).toBeCloseTo(1.3, 10);
  },
);

test.runIf(existsSync(path.join(import.meta.dirname, '../../../bench/baseline.json')))(
  'the stored baseline names only targets that there are',
  () => {
    const stored = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../bench/baseline.json'), 'utf8'),
    );
    const known = new Set([...targets, ...typeTargets].map(({ id }) => id));
    expect(Object.keys(stored.values).length).toBeGreaterThan(5);
    expect(Object.keys(stored.values).filter((id) => !known.has(id))).toEqual([]);
  },
);
