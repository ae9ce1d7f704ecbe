/**
 * When the thread of the heartbeat sends a beat and what it tells, with a Redis that only records.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HeartbeatNews } from '../../src/queue/heartbeat-sender.ts';
import { monotonicMs } from '../../src/queue/monotonic.ts';
import { SharedState } from '../../src/queue/shared-state.ts';
import { FakeRedis } from './fake-redis.ts';

const thread = vi.hoisted(() => ({ told: [] as unknown[], data: {} as Record<string, unknown> }));
let redis: FakeRedis;

vi.mock('node:worker_threads', () => ({
  parentPort: { postMessage: (news: unknown) => thread.told.push(news) },
  get workerData() {
    return thread.data;
  },
}));
vi.mock('../../src/redis/connection.ts', () => ({ connect: () => redis }));

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  thread.told = [];
  redis = new FakeRedis();
  redis.answer = () => [['1', '0'], 3, ['bad']];
  const shared = new SharedState();
  shared.write({ capacity: 4, running: 1, meanJobMs: 12 });
  thread.data = {
    redis: { url: 'redis://unused' },
    queue: 'hooks',
    worker: 'w',
    buffer: shared.buffer,
    about: 'names',
  };
  await import('../../src/queue/heartbeat-thread.ts');
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

const told = () => thread.told as HeartbeatNews[];

it('it beats twice a second, with the state that it finds, and tells the answer and its time', async () => {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(redis.calls.map(({ args }) => JSON.parse(String(args[0])))).toMatchObject([
    { capacity: 4, running: 1, meanJobMs: 12, stuckMs: 500, about: 'names' },
    { stuckMs: 1_000 },
  ]);
  expect(told()[1]).toEqual({
    time: ['1', '0'],
    waiting: 3,
    quarantined: ['bad'],
    at: monotonicMs(),
  });
});

it('it beats at once when its connection is there again, and not while it is away', async () => {
  redis.status = 'reconnecting';
  await vi.advanceTimersByTimeAsync(2_000);
  expect([redis.calls.length, told().length]).toEqual([0, 0]);
  redis.status = 'ready';
  redis.emit('ready');
  await vi.advanceTimersByTimeAsync(0);
  expect(told().length).toBe(1);
});

it('a beat that fails is told, and the next one is sent', async () => {
  redis.answer = () => {
    throw new Error('Connection is closed.');
  };
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told()).toEqual([{ error: 'Connection is closed.' }, { error: 'Connection is closed.' }]);
});

it('no beat is sent beside one that has no answer yet', async () => {
  let answer: (value: unknown) => void = () => undefined;
  redis.answer = () => new Promise((resolve) => (answer = resolve));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(redis.calls.length).toBe(1);
  answer([['1', '0'], 0, []]);
  await vi.advanceTimersByTimeAsync(500);
  expect(redis.calls.length).toBe(2);
});
