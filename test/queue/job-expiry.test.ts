/** What is asked of each added job, a little later. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { JobExpiry } from '../../src/queue/job-expiry.ts';
import { type PendingJob, PendingJobs } from '../../src/queue/pending.ts';
import { bullKey } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

let redis: FakeRedis;
let books: JobExpiry;
let done: string[];

beforeEach(() => {
  vi.useFakeTimers();
  redis = new FakeRedis();
  redis.answer = () => 0;
  done = [];
  books = new JobExpiry({
    redis: redis.client,
    queue: 'hooks',
    onDone: (job) => done.push(job.id),
  });
});

afterEach(() => void vi.useRealTimers());

const job = (id: string): PendingJob => new PendingJobs().add({ id, tenant: 'a', apart: false });
const asked = () => redis.calls.map(({ keys, args }) => [...keys, ...args]);

it('the jobs of 25 ms are asked about together, each with its own end', async () => {
  books.enter(job('1'), 100);
  await vi.advanceTimersByTimeAsync(24);
  books.enter(job('2'), 200);
  expect([asked(), vi.getTimerCount()]).toEqual([[], 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toEqual([
    [bullKey('hooks', '1'), 100],
    [bullKey('hooks', '2'), 200],
  ]);
  books.enter(job('3'), 300);
  await vi.advanceTimersByTimeAsync(25);
  expect(asked().slice(2)).toEqual([[bullKey('hooks', '3'), 300]]);
});

it('those that were done before are told, and no other', async () => {
  redis.answer = ({ keys }) => (keys[0] === bullKey('hooks', 'old') ? 1 : 0);
  for (const id of ['new', 'old']) books.enter(job(id), 100);
  await vi.advanceTimersByTimeAsync(25);
  expect(done).toEqual(['old']);
});

it('a closing dispatcher asks at once, and once', async () => {
  books.enter(job('1'), 100);
  books.flush();
  await vi.advanceTimersByTimeAsync(100);
  expect(asked().length).toBe(1);
});

it('where Redis cannot be asked about one job, the others have theirs', async () => {
  redis.answer = ({ keys }) => {
    if (keys[0] === bullKey('hooks', 'bad')) throw new Error('Connection is closed.');
    return 1;
  };
  for (const id of ['bad', 'good']) books.enter(job(id), 100);
  await vi.advanceTimersByTimeAsync(25);
  expect(done).toEqual(['good']);
});
