import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BackOff } from '../../src/sandbox/back-off.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a failure makes the next try wait, longer each time, and never more than 45 seconds', () => {
  const backOff = new BackOff();
  const delays = Array.from({ length: 12 }, () => backOff.failed(new Error('x')));
  expect(delays[0]).toBeGreaterThanOrEqual(100);
  expect(delays[0]).toBeLessThan(300);
  expect(delays[5]).toBeGreaterThanOrEqual(3_200);
  expect(Math.max(...delays)).toBeLessThan(45_000);
  expect(backOff.waiting).toBe(true);
  vi.advanceTimersByTime(45_000);
  expect(backOff.waiting).toBe(false);
});

test('the cause is told at once from the third failure in a row on, until one succeeds', () => {
  const backOff = new BackOff();
  const open = [1, 2, 3].map((number) => {
    backOff.failed(new Error(`cause ${number}`));
    return backOff.openCause?.message;
  });
  expect(open).toEqual([undefined, undefined, 'cause 3']);
  backOff.succeeded();
  expect(backOff.openCause).toBeUndefined();
});
