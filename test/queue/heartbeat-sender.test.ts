/** Who sends a worker's heartbeat, with a thread and a Redis that only record. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeartbeatSender } from '../../src/queue/heartbeat-sender.ts';
import { monotonicMs } from '../../src/queue/monotonic.ts';
import type { RedisClient } from '../../src/redis/connection.ts';

class FakeThread extends EventEmitter {
  unref(): void {}
  async terminate(): Promise<void> {}
}

const threads: FakeThread[] = [];
vi.mock('../../src/thread-entry.ts', () => ({
  startThread: () => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  },
}));

let beats = 0;
let heard = 0;
let sender: HeartbeatSender;

beforeEach(() => {
  vi.useFakeTimers();
  threads.length = 0;
  [beats, heard] = [0, 0];
  const client = Object.assign(new EventEmitter(), {
    status: 'ready',
    eval: async () => {
      beats++;
      return [['1', '0'], 0, []];
    },
  });
  sender = new HeartbeatSender({
    redis: { url: 'redis://unused' },
    queue: 'hooks',
    worker: 'w',
    client: client as unknown as RedisClient,
    state: () => ({ capacity: 1, running: 0, meanJobMs: 0 }),
    hear: () => void heard++,
    onError: () => undefined,
  });
});

afterEach(async () => {
  await sender.end();
  vi.useRealTimers();
});

const news = () => ({ time: ['1', '0'], waiting: 0, quarantined: [], at: monotonicMs() });
const tell = (message: unknown = news()) => threads.at(-1)?.emit('message', message);

/** @returns how many beats the main thread sends in that time */
async function mainBeatsIn(ms: number): Promise<number> {
  const before = beats;
  await vi.advanceTimersByTimeAsync(ms);
  return beats - before;
}

async function threadBeatsFor(periods: number): Promise<number> {
  let sent = 0;
  for (let n = 0; n < periods; n++) {
    tell();
    sent += await mainBeatsIn(500);
  }
  return sent;
}

it('the main thread sends it until the thread does, and none beside the thread', async () => {
  expect(await mainBeatsIn(1_400)).toBe(2);
  expect(await threadBeatsFor(4)).toBe(0);
  expect(heard).toBe(beats + 4);
});

it('a thread that says nothing any more is stood in for within 2 s, until its beats come again', async () => {
  await threadBeatsFor(3);
  expect(await mainBeatsIn(1_600)).toBeGreaterThanOrEqual(1);
  expect(await mainBeatsIn(2_000)).toBe(4);
  expect(await threadBeatsFor(4)).toBe(0);
});

it('a thread that tells errors only does not beat', async () => {
  await threadBeatsFor(3);
  let sent = 0;
  for (let n = 0; n < 6; n++) {
    tell({ error: 'Connection is closed.' });
    sent += await mainBeatsIn(500);
  }
  expect(sent).toBeGreaterThanOrEqual(3);
});

it('a thread that ended is stood in for at once, and started again', async () => {
  await threadBeatsFor(3);
  threads.at(-1)?.emit('exit', 1);
  expect(await mainBeatsIn(1_100)).toBe(2);
  expect(threads.length).toBe(2);
});

it('news that was held up for longer than two periods does not count as a beat of now', async () => {
  const old = { ...news(), at: monotonicMs() - 1_500 };
  tell(old);
  expect(await mainBeatsIn(600)).toBe(1);
});
