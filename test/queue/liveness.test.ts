/** The parts of liveness and blame that need no Redis. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pauses } from '../../src/queue/pauses.ts';
import { SharedState } from '../../src/queue/shared-state.ts';
import { SleepWatch } from '../../src/queue/sleep-watch.ts';
import { TenantSlots } from '../../src/queue/tenant-slots.ts';
import { RedisClock } from '../../src/redis/clock.ts';
import { startThread } from '../../src/thread-entry.ts';

it("another thread sees a worker's state, and how long its main thread has not answered", async () => {
  const shared = new SharedState();
  shared.write({ capacity: 4, running: 2, meanJobMs: 12.5, starting: true });
  const from = new URL('../fixtures/threads/start.ts', import.meta.url).href;
  const thread = startThread(from, './read-state', { name: 'state', workerData: shared.buffer });
  await once(thread, 'message');
  const end = performance.now() + 400;
  while (performance.now() < end);
  thread.postMessage('now');
  const [seen] = await once(thread, 'message');
  expect(seen).toMatchObject({ capacity: 4, running: 2, meanJobMs: 12.5, starting: true });
  expect(seen.stuckMs).toBeGreaterThanOrEqual(400);
  await thread.terminate();
});

describe('with a clock of its own', () => {
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
});

it('a worker that pauses for two reasons goes on when both are gone', () => {
  const calls: string[] = [];
  const pauses = new Pauses({ pause: () => calls.push('pause'), resume: () => calls.push('resume') }, ['start']);
  pauses.add('rest');
  pauses.remove('start');
  expect([pauses.paused, calls]).toEqual([true, []]);
  pauses.remove('rest');
  pauses.remove('rest');
  pauses.add('trial');
  expect([pauses.has('trial'), calls]).toEqual([true, ['resume', 'pause']]);
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

it('the clock makes up for the age of an answer', () => {
  const clock = new RedisClock();
  clock.set(['1000', '0'], 6_000);
  expect(clock.now()).toBeGreaterThanOrEqual(1_006_000);
  expect(clock.now()).toBeLessThan(1_006_500);
});
