/** Who gets a worker's place for jobs that must not meet. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApartPlace } from '../../src/queue/apart.ts';

let place: ApartPlace;

beforeEach(() => {
  vi.useFakeTimers();
  place = new ApartPlace();
});

afterEach(() => void vi.useRealTimers());

/** As a worker does it: what finds no place comes again. */
function takeOrWait(tenant: string, job: string): (() => void) | undefined {
  const leave = place.take(tenant, job);
  if (leave === undefined) place.wait(tenant, job, place.againMs(tenant), true);
  return leave;
}

it('one has it, for 5 s at most', () => {
  const leave = place.take('a', '1');
  expect([leave === undefined, place.take('b', '2')]).toEqual([false, undefined]);
  leave?.();
  const second = place.take('b', '2');
  expect(second).toBeDefined();
  leave?.();
  expect(place.take('c', '3')).toBeUndefined();
  vi.advanceTimersByTime(5_000);
  const third = place.take('c', '3');
  second?.();
  expect([third === undefined, place.take('d', '4')]).toEqual([false, undefined]);
});

it('a tenant with 100 jobs and one with a single job take turns', () => {
  let leave = takeOrWait('a', 'a0');
  for (let n = 1; n < 100; n++) takeOrWait('a', `a${n}`);
  takeOrWait('b', 'b0');
  leave?.();
  expect(takeOrWait('a', 'a1')).toBeUndefined();
  leave = takeOrWait('b', 'b0');
  expect(leave).toBeDefined();
  takeOrWait('b', 'b1');
  leave?.();
  expect(takeOrWait('b', 'b1')).toBeUndefined();
  expect(takeOrWait('a', 'a1')).toBeDefined();
});

it('it is kept for nobody who does not come again, or who waits for something else', () => {
  place.take('a', 'a0')?.();
  place.wait('b', 'b0', 100, false);
  const leave = takeOrWait('a', 'a0');
  expect(leave).toBeDefined();
  takeOrWait('b', 'b0');
  leave?.();
  expect(takeOrWait('a', 'a1')).toBeUndefined();
  vi.advanceTimersByTime(400);
  expect(takeOrWait('a', 'a1')).toBeDefined();
});

it('the more jobs of a tenant wait, the later each comes again: after 1 s at most', () => {
  takeOrWait('a', 'a0');
  const times = [];
  for (let n = 1; n <= 30; n++) {
    times.push(place.againMs('a'));
    takeOrWait('a', `a${n}`);
  }
  expect([times[0], times[1], times[29], place.againMs('b')]).toEqual([50, 100, 1_000, 50]);
});

it('it is full for a tenant of which half of 16 wait, and for no tenant of which none does', () => {
  place.take('a', 'a');
  const fill = (tenant: string, count: number) => {
    for (let n = 0; n < count; n++) takeOrWait(tenant, `${tenant}${n}`);
  };
  fill('a', 7);
  expect(place.isFull('a', 'new')).toBe(false);
  fill('a', 8);
  expect([place.isFull('a', 'new'), place.isFull('a', 'a3'), place.isFull('b', 'new')]).toEqual([
    true,
    false,
    false,
  ]);
  fill('a', 8);
  fill('b', 8);
  fill('c', 1);
  expect([place.isFull('c', 'new'), place.isFull('d', 'new')]).toEqual([true, false]);
  vi.advanceTimersByTime(2_000);
  expect([place.isFull('a', 'new'), place.isFull('c', 'new')]).toEqual([false, false]);
});
