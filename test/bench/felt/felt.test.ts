/** The bench of what is felt, on times that were made up. */
import { expect, test } from 'vitest';
import { backends, bare, bareImage, bridges, feltMatrix } from '../../../bench/felt/matrix.ts';
import type { Felt, FeltTimes } from '../../../bench/felt/results.ts';
import { feltRows } from '../../../bench/felt/rows.ts';
import { setOf } from '../../../bench/felt/sets.ts';
import { judgedStarts } from '../../../bench/felt/starts.ts';
import { feltTargets } from '../../../bench/felt/targets.ts';
import { allGuardNames } from '../../../bench/guards.ts';
import { feltPage, feltTargetRows, readmeFelt } from '../../../bench/report/felt-page.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { sampleMeasured } from '../samples.ts';

const cells = feltMatrix();
const times: FeltTimes = new Map(
  cells.map((cell) => {
    const middle = cell.method.startsWith('bare') ? 40 * cell.hooks : 4 + cell.hooks;
    return [cell, Array.from({ length: 20 }, (_, at) => middle * (0.9 + at / 100))];
  }),
);

test('every bridge and backend is measured beside a bare start of the same hooks and context', () => {
  for (const { guard, hooks, contextBytes } of cells) {
    const same = cells.filter(
      (one) => one.guard === guard && one.hooks === hooks && one.contextBytes === contextBytes,
    );
    expect(same.map(({ method }) => method)).toContain(bare);
    expect(same.filter(({ method }) => method.startsWith('bridge'))).toHaveLength(
      bridges.length * backends.length,
    );
  }
  expect(new Set(cells.map(({ guard }) => guard))).toEqual(new Set(allGuardNames));
  expect(new Set(cells.map(({ hooks }) => hooks))).toEqual(new Set([1, 4, 16]));
  expect(new Set(cells.map((one) => one.contextBytes))).toEqual(new Set([1024, 65536, 1 << 20]));
});

test.each(allGuardNames)('of four hooks of %s the last one alone objects', (guard) => {
  const { hooks } = parseHooksFile('x', setOf(guard, 4).file);
  expect(hooks).toHaveLength(4);
  const scripts = setOf(guard, 4).scripts.map((script) => /rm\S*-rf\b/.test(script));
  expect(scripts).toEqual([false, false, false, true]);
  expect(new Set(setOf(guard, 4).scripts).size).toBe(4);
});

test('a row has its ratio to the bare start with an interval, and a bare start has none', () => {
  const rows = feltRows(times);
  for (const row of rows) {
    if (row.method === bare || row.method === bareImage) expect(row.ratio).toBeNull();
    else {
      const [low, high] = row.ratioRange ?? [Number.NaN, Number.NaN];
      expect(low).toBeLessThanOrEqual(Number(row.ratio));
      expect(high).toBeGreaterThanOrEqual(Number(row.ratio));
    }
  }
});

test('every target has a value where all is measured, and none where nothing is', () => {
  for (const { id, measure } of feltTargets) {
    expect(measure(times), id).toBeGreaterThan(0);
    expect(measure(new Map()), id).toBeNull();
  }
});

test('the page tells machine, targets, cells, and what was not measured and why', () => {
  const { machine } = sampleMeasured().sideBySide;
  const felt: Felt = {
    date: '2026-01-02',
    machine,
    quick: false,
    seconds: 200,
    rows: feltRows(times),
    missing: [{ name: 'bridge native, queue', why: 'it is not built' }],
  };
  const judged = feltTargets.map((target) => {
    const value = target.measure(times);
    return { target, value, range: [0.1, 0.2] as const };
  });
  const page = feltPage(felt, judged);
  expect(page).toContain('2 x Some CPU');
  expect(page).toContain('- not measured: bridge native, queue (it is not built)');
  for (const { target } of judged) expect(page).toContain(target.text);
  expect(page.split('\n').filter((line) => line.startsWith('| python3'))).toHaveLength(
    cells.filter(({ guard }) => guard.startsWith('python3')).length,
  );
});

const sample = (): Felt => ({
  date: '2026-01-02',
  machine: sampleMeasured().sideBySide.machine,
  quick: false,
  seconds: 200,
  rows: feltRows(times),
  missing: [],
});

test('the README leads with the native bridge, and has a column for each guard', () => {
  const [head = '', , first = '', ...rest] = readmeFelt(sample()).split('\n');
  for (const guard of allGuardNames) expect(head).toContain(guard);
  expect(first).toMatch(/^\| bridge native, own pool \| \d/);
  expect(rest.filter((line) => line.startsWith('| bridge'))).toHaveLength(5);
});

test('a target is held or missed with both ends of its interval, else the run cannot tell', () => {
  const [target = expect.unreachable()] = feltTargets;
  const verdicts = (
    [
      [0.2, [0.1, 0.24]],
      [0.3, [0.26, 0.4]],
      [0.2, [0.1, 0.26]],
      [0.2, null],
      [null, null],
    ] as const
  ).map(([value, range]) => feltTargetRows([{ target, value, range }])[1]?.at(-1));
  expect(verdicts).toEqual(['held', 'missed', 'cannot tell', 'held', 'not measured']);
});

test('starts of commands are judged beside those of node', () => {
  const starts = (ms: number) => ({ cpu: Array(8).fill(ms), wall: Array(8).fill(2 * ms) });
  const judged = judgedStarts({
    node: starts(50),
    static: starts(90),
    check: starts(200),
    run: starts(250),
  });
  expect(judged.map(({ value, range }) => [value, range])).toEqual([
    [1.8, [1.8, 1.8]],
    [4, [4, 4]],
    [5, [5, 5]],
  ]);
});
