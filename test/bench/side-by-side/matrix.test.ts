import { expect, test } from 'vitest';
import { allGuardNames } from '../../../bench/guards.ts';
import { wholeMatrix } from '../../../bench/side-by-side/matrix.ts';
import { callsInRound } from '../../../bench/side-by-side/race.ts';

const cells = wholeMatrix();

test('no cell is measured twice', () => {
  const settings = cells.map(({ calls: _, ...setting }) => JSON.stringify(setting));
  expect(settings.length - new Set(settings).size).toBe(0);
});

test('every hookpool cell has a bare start beside it, but for isolation and load', () => {
  const bare = new Set(
    cells
      .filter(({ method }) => method === 'bare spawn')
      .map((cell) => [cell.guard, cell.rest, cell.callers, cell.contextBytes].join()),
  );
  const alone = cells.filter(
    (cell) => !bare.has([cell.guard, cell.rest, cell.callers, cell.contextBytes].join()),
  );
  expect(new Set(alone.map(({ rest }) => rest))).toEqual(new Set(['refilled', 'half load']));
});

test('what asks for half of the possible rate comes after what measures it', () => {
  cells.forEach((cell, at) => {
    if (cell.rest !== 'half load') return;
    const saturated = cells.findIndex(
      (one) =>
        one.rest === 0 &&
        one.callers === 8 &&
        one.method === cell.method &&
        one.guard === cell.guard,
    );
    expect(saturated).toBeGreaterThanOrEqual(0);
    expect(saturated).toBeLessThan(at);
  });
});

test('the questions are all asked', () => {
  const asked = (name: 'guard' | 'rest' | 'callers' | 'contextBytes') =>
    new Set(cells.map((cell) => cell[name]));
  expect(asked('guard')).toEqual(new Set(allGuardNames));
  expect(asked('callers')).toEqual(new Set([1, 2, 8, 32]));
  expect(asked('contextBytes')).toEqual(new Set([1 << 10, 64 << 10, 1 << 20]));
  // Fourteen contenders, and the floor of HTTP and BullMQ.
  expect(new Set(cells.map(({ method }) => method)).size).toBe(15);
});

test.each([1, 5, 8, 110, 400])('%i calls are spread over the rounds, none lost', (calls) => {
  const spread = Array.from({ length: 5 }, (_, round) => callsInRound(calls, round, false));
  expect(spread.reduce((sum, count) => sum + count, 0)).toBe(calls);
  expect(Math.max(...spread) - Math.min(...spread)).toBeLessThanOrEqual(1);
});

test('a quick run has one round, of at least two calls a cell', () => {
  expect([0, 1, 2].map((round) => callsInRound(8, round, true))).toEqual([2, 0, 0]);
});
