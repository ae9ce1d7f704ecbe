import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BackOff } from '../../src/sandbox/back-off.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Each one alone: the next try begins when the wait is over. */
function failInARow(backOff: BackOff, times: number): number[] {
  return Array.from({ length: times }, (_, number) => {
    const delay = backOff.failed(new Error(`cause ${number + 1}`));
    vi.advanceTimersByTime(delay + 1);
    return delay;
  });
}

test('a failure makes the next try wait, longer each time, and never as long as four seconds', () => {
  const backOff = new BackOff();
  const [first = 0, , third = 0, ...others] = failInARow(backOff, 12);
  expect(first).toBeGreaterThanOrEqual(100);
  expect(first).toBeLessThan(300);
  expect(third).toBeGreaterThanOrEqual(400);
  expect(Math.max(...others)).toBeLessThan(4_000);
  expect(backOff.waiting).toBe(false);
  backOff.failed(new Error('x'));
  expect(backOff.waiting).toBe(true);
});

test('tries that fail side by side count as one', () => {
  const backOff = new BackOff();
  const delays = Array.from({ length: 8 }, () => backOff.failed(new Error('x')));
  expect(Math.max(...delays)).toBeLessThan(300);
  expect(backOff.openCause).toBeUndefined();
});

test('the cause is told at once from the third failure in a row on, until one succeeds', () => {
  const backOff = new BackOff();
  const open = [1, 2, 3].map(() => {
    failInARow(backOff, 1);
    return backOff.openCause?.message;
  });
  expect(open).toEqual([undefined, undefined, 'cause 1']);
  backOff.succeeded();
  expect(backOff.openCause).toBeUndefined();
});
