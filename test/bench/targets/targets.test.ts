import { expect, test } from 'vitest';
import { type Cell, targetMatrix } from '../../../bench/side-by-side/matrix.ts';
import type { Row } from '../../../bench/side-by-side/results.ts';
import { targets, verdictOf } from '../../../bench/targets/targets.ts';
import { typeTargets } from '../../../bench/types/targets.ts';
import { sampleMeasured } from '../samples.ts';

const sampleValue = (id: string, measured = sampleMeasured()) =>
  targets.find((target) => target.id === id)?.measure(measured) ?? null;

test.each([
  ['python-latency', 0.1],
  ['bash-latency', 0.1],
  ['node-latency', 0.12],
  ['jq-latency', 0.1],
  ['same-jq-latency', 0.15],
  ['http-latency', 0.2],
  ['queue-share', 1.5],
  ['python-throughput', 6],
  ['bash-throughput', 6],
  ['job-latency', 0.5],
  ['job-rate', 1],
  ['docker-run', 200],
  ['container-memory', 9],
  ['tail', 2],
])('%s is %d of the sample', (id, value) => {
  expect(sampleValue(id)).toBeCloseTo(value, 10);
});

test('every target is measured by the cells that the targets alone need, but for the soak', () => {
  const keyOf = ({ guard, method, rest, callers, contextBytes }: Cell | Row) =>
    [guard, method, rest, callers, contextBytes].join();
  const needed = new Set(targetMatrix().map(keyOf));
  const whole = sampleMeasured();
  const rows = whole.sideBySide.rows.filter((row) => needed.has(keyOf(row)));
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(whole.sideBySide.rows.length / 3);
  const measured = { ...whole, sideBySide: { ...whole.sideBySide, rows } };
  const unmeasured = targets.filter(
    (target) => verdictOf(target, target.measure(measured)) === 'not measured',
  );
  expect(unmeasured.map(({ id }) => id)).toEqual(['worker-memory']);
});

test('a target over several rests is as good as the worse of them', () => {
  const slowWithRest = (row: Row) =>
    row.method === 'hookpool tenant' && row.guard === 'bash builtins' && row.rest === 30
      ? { ...row, p50Ms: 12 }
      : row;
  expect(sampleValue('bash-latency', sampleMeasured(slowWithRest))).toBeCloseTo(0.8, 10);
});

test('a target does not hold by what was left out', () => {
  const withoutTail = (row: Row) =>
    row.method === 'hookpool tenant' ? { ...row, p99Ms: null } : row;
  expect(sampleValue('tail', sampleMeasured(withoutTail))).toBeNull();
});

test.each([
  { id: 'queue-share', value: 2.5, verdict: 'holds' },
  { id: 'queue-share', value: 2.51, verdict: 'misses' },
  { id: 'docker-run', value: 40, verdict: 'holds' },
  { id: 'docker-run', value: 39.9, verdict: 'misses' },
  { id: 'docker-run', value: null, verdict: 'not measured' },
])('$id of $value $verdict', ({ id, value, verdict }) => {
  const target = targets.find((one) => one.id === id);
  expect(target && verdictOf(target, value)).toBe(verdict);
});

test('ids name one target each', () => {
  const ids = [...targets, ...typeTargets].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
