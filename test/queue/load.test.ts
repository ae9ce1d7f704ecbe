/** How long a job would wait. */
import { expect, it } from 'vitest';
import { estimateWaitMs, loadOf, unknownLoad } from '../../src/queue/load.ts';

const state = (capacity: number, meanJobMs: number) => ({ capacity, running: 0, meanJobMs });
const crew = (...states: ReturnType<typeof state>[]) => ({
  time: ['1', '0'] as const,
  waiting: 7,
  workers: new Map(states.map((one, n) => [String(n), one])),
  unreadable: new Set<string>(),
});

it('adds up capacity and weighs the means by it; who has run nothing has no say', () => {
  expect(loadOf(crew(state(6, 100), state(2, 20), state(4, 0)))).toEqual({
    workers: 3,
    capacity: 12,
    meanJobMs: 80,
    waiting: 7,
  });
  expect(loadOf(crew())).toEqual({ workers: 0, capacity: 0, meanJobMs: 0, waiting: 7 });
});

it.each([
  ['nobody works', unknownLoad, 1, [100], 0],
  ['a slot is free', { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 }, 1, [3], 0],
  [
    "the tenant's own backlog is long",
    { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 },
    104,
    [103],
    2_475,
  ],
  [
    "another tenant's backlog is long",
    { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 },
    1,
    [10_000],
    0,
  ],
  [
    'other dispatchers wait too',
    { workers: 1, capacity: 1, meanJobMs: 100, waiting: 50 },
    5,
    [4],
    800,
  ],
])('the wait when %s', (_, load, rank, pending, expected) => {
  expect(estimateWaitMs(load, rank, pending)).toBe(expected);
});
