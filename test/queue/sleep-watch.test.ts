/** When BullMQ counts as asleep. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SleepWatch } from '../../src/queue/sleep-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('BullMQ sleeps when there was work for 4 s and none was taken', () => {
  const sleep = new SleepWatch();
  const hear = (isIdle: boolean, ageMs = 0) => {
    vi.advanceTimersByTime(500);
    return sleep.hear(isIdle, ageMs);
  };
  for (let n = 0; n < 8; n++) expect(hear(true)).toBe(false);
  expect(hear(true)).toBe(true);
  expect(hear(false)).toBe(false);
  for (let n = 0; n < 8; n++) expect(hear(true)).toBe(false);
  sleep.took();
  expect(hear(true)).toBe(false);
});

it('a main thread that was busy itself does not take BullMQ for asleep', () => {
  const sleep = new SleepWatch();
  vi.advanceTimersByTime(6_000);
  expect(sleep.hear(true, 0)).toBe(false);
  for (const ageMs of [5_500, 5_000, 600]) expect(sleep.hear(true, ageMs)).toBe(false);
});
