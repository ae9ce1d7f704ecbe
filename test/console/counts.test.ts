import { expect, it } from 'vitest';
import { barMs, dayOf } from '../../src/console/day.ts';
import {
  mostRows,
  noRows,
  withNewer,
  withNewest,
  withOlder,
} from '../../src/console/evaluation-list.ts';
import { recentOf } from '../../src/console/recent.ts';
import { quantile, shownCount, shownMs } from '../../src/console/shown.ts';
import type { EvaluationSummary } from '../../src/server/api-types.ts';
import { outcomeOf } from '../../src/server/outcome.ts';

const now = Date.parse('2026-01-01T12:00:30Z');
const row = (id: string, more: Partial<EvaluationSummary> = {}): EvaluationSummary => ({
  ...{ id, at: new Date(now).toISOString(), dialect: 'azure', event: 'PreToolUse' },
  ...{ decision: 'allow', how: 'hook', durationMs: 1, hooks: [], failed: 0, notRun: 0 },
  ...{ skipped: 0, kept: false },
  ...more,
});
const page = (rows: EvaluationSummary[], next?: string) => ({
  ...{ evaluations: rows, next, scanned: rows.length, unreadable: 0 },
});

it('a block by a hook, by a fail mode and a hook that did not run are three things', () => {
  const block = { decision: 'block' } as const;
  expect(outcomeOf({ ...block, how: 'hook' })).toBe('block');
  expect(outcomeOf({ ...block, how: 'fail-mode' })).toBe('fail-mode');
  expect(outcomeOf({ ...block, how: 'not-run' })).toBe('not-run');
  expect(outcomeOf({ decision: 'allow', how: 'fail-mode' })).toBe('fail-mode');
  expect(outcomeOf({ decision: 'none', how: 'none' })).toBe('none');
});

it('an evaluation that arrives live and with a page is listed once, the newest first', () => {
  const list = withOlder(noRows, page([row('b'), row('a')], 'x'));
  const more = withNewer(list, [row('b'), row('c'), row('d')]);
  expect(more.rows.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  expect(withOlder(more, page([row('a'), row('0')])).rows.map(({ id }) => id)).toEqual([
    ...['d', 'c', 'b', 'a', '0'],
  ]);
});

it('the list keeps a bounded number of rows, however many arrive', () => {
  const many = Array.from({ length: 3 * mostRows }, (_, at) => row(String(at)));
  const list = withNewer(noRows, many);
  expect(list.rows).toHaveLength(mostRows);
  expect(list.rows[0]?.id).toBe(String(3 * mostRows - 1));
});

it('older pages never push newer rows out of a full list', () => {
  const rows = Array.from({ length: mostRows }, (_, at) => row(`new-${at}`));
  const list = withOlder(withOlder(noRows, page(rows, 'x')), page([row('old')], 'y'));
  expect(list.rows).toEqual(rows);
});

it('the newest page fills what was missed, and takes the place of a list that it does not meet', () => {
  const list = withOlder(noRows, page([row('b'), row('a')], 'x'));
  const met = withNewest(list, page([row('d'), row('c'), row('b')], 'y'));
  expect(met.rows.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  expect(met.next).toBe('x');
  const apart = withNewest(list, page([row('f'), row('e')], 'z'));
  expect(apart.rows.map(({ id }) => id)).toEqual(['f', 'e']);
  expect(apart.next).toBe('z');
  // Of the newest none fits: what was found among older ones stays.
  expect(withNewest(list, page([], 'z'))).toEqual(list);
});

it('counts the hooks that block or fail, and the durations', () => {
  const block = { decision: 'block', decidedBy: 'guard' } as const;
  const recent = recentOf([
    row('1', { ...block, how: 'hook' }),
    row('2', { ...block, how: 'fail-mode' }),
    row('3', { durationMs: 9 }),
  ]);
  expect(recent.hooks).toEqual([{ hook: 'guard', blocked: 1, failed: 1 }]);
  expect([recent.count, recent.p50Ms, recent.p95Ms]).toEqual([3, 1, 9]);
});

it('puts the counts of 24 hours into half hours, and none beside them', () => {
  const step = (msAgo: number, more: object) => {
    const at = new Date(now - msAgo).toISOString();
    return { at, block: 0, 'fail-mode': 0, 'not-run': 0, ask: 0, allow: 0, none: 0, ...more };
  };
  const steps = [
    step(86_400_000, { allow: 1 }),
    step(barMs, { block: 2 }),
    step(0, { ask: 4 }),
    // A clock of a server that is ahead.
    step(-barMs, { ask: 8 }),
  ];
  const { bars, counts } = dayOf({ stepMs: 300_000, steps }, now);
  expect(bars).toHaveLength(48);
  expect(bars[0]).toMatchObject({ allow: 1, block: 0 });
  expect(bars.slice(-2)).toMatchObject([{ block: 2, ask: 0 }, { ask: 12 }]);
  expect(counts).toMatchObject({ allow: 1, block: 2, ask: 12, none: 0 });
});

it('numbers are written with the digits that matter', () => {
  expect([0.123, 12.34, 123.4, 12_345].map(shownMs)).toEqual([
    ...['0.12 ms', '12.3 ms', '123 ms', '12.3 s'],
  ]);
  expect(shownCount(1, 'entry', 'entries')).toBe('1 entry');
  expect(quantile([], 0.5)).toBeUndefined();
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
});
