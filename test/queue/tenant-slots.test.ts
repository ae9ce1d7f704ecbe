/** How the slots of a worker are shared. */
import { expect, it } from 'vitest';
import { putBackMs, TenantSlots } from '../../src/queue/tenant-slots.ts';

it('a tenant has no more than its share', () => {
  const slots = new TenantSlots(2);
  expect([slots.take('a'), slots.take('a'), slots.take('a'), slots.take('b')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(slots.running).toBe(3);
  slots.give('a');
  expect([slots.take('a'), slots.take('a')]).toEqual([true, false]);
  for (const tenant of ['a', 'a', 'b']) slots.give(tenant);
  expect(slots.running).toBe(0);
});

it('a job over the share waits longer each time, within its own time', () => {
  const around = (value: number, center: number) => Math.abs(value / center - 1) <= 0.25;
  expect(around(putBackMs(1, 100, 60_000), 100)).toBe(true);
  expect(around(putBackMs(4, 100, 60_000), 800)).toBe(true);
  expect(putBackMs(50, 100, 600_000)).toBe(10_000);
  expect(putBackMs(50, 100, 400)).toBe(100);
  expect(putBackMs(1, 0, 4)).toBe(10);
});

it('who waits for a worker to be idle is told', async () => {
  const slots = new TenantSlots(4);
  for (const tenant of ['a', 'a', 'b']) slots.take(tenant);
  const told: number[] = [];
  const waits = [1, 0].map((count) => slots.untilAtMost(count).then(() => told.push(count)));
  slots.give('a');
  await Promise.resolve();
  expect(told).toEqual([]);
  slots.give('a');
  await waits[0];
  slots.give('b');
  await Promise.all(waits);
  expect(told).toEqual([1, 0]);
  await slots.untilAtMost(0);
});
