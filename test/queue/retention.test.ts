/** Who keeps a queue alive, and how often. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Retention } from '../../src/queue/retention.ts';
import { FakeRedis } from './fake-redis.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a queue is renewed at first, once a minute, and when a process leaves', async () => {
  const redis = new FakeRedis();
  const retention = new Retention('hooks');
  const renewedAfter = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    const before = redis.calls.length;
    await retention.renew(redis.client);
    return redis.calls.length - before;
  };
  expect([
    await renewedAfter(0),
    await renewedAfter(60_000),
    await renewedAfter(1),
    await renewedAfter(59_000),
  ]).toEqual([1, 0, 1, 0]);
  await retention.renewNow(redis.client);
  expect([redis.calls.length, await renewedAfter(2_000)]).toEqual([3, 0]);
});

it('all that BullMQ keeps of a queue ends after a day, and it keeps 2,000 events', async () => {
  const redis = new FakeRedis();
  await new Retention('hooks').renew(redis.client);
  const [call] = redis.calls;
  expect(call?.keys[0]).toBe('{hookpool}:hooks:meta');
  const names = [
    'events',
    'wait',
    'active',
    'prioritized',
    'delayed',
    'completed',
    'failed',
    'marker',
    'pc',
  ];
  expect(call?.keys).toEqual(
    expect.arrayContaining(names.map((name) => `{hookpool}:hooks:${name}`)),
  );
  expect(call?.args).toEqual([86_400_000, 2_000]);
});

it('a renewal that failed is tried again after a minute, not before each job', async () => {
  const redis = new FakeRedis();
  redis.answer = () => {
    throw new Error('Connection is closed.');
  };
  const retention = new Retention('hooks');
  await expect(retention.renew(redis.client)).rejects.toThrow('closed');
  await retention.renew(redis.client);
  expect(redis.calls.length).toBe(1);
});
