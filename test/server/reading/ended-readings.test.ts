import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { answerTo } from '../../../src/server/http-error.ts';
import { openReaderThreads, Reader } from '../../../src/server/reading/reader.ts';
import { TaskEndedError } from '../../../src/threads/task-ended-error.ts';
import { type TaskCall, ThreadPool } from '../../../src/threads/thread-pool.ts';
import { appUnderTest } from '../app-under-test.ts';

const bodyLimitBytes = 20 << 20;
let threads: ThreadPool;
let here: FastifyInstance;
let there: FastifyInstance;

beforeAll(() => {
  threads = openReaderThreads();
  here = appUnderTest({ bodyLimitBytes }).app;
  there = appUnderTest({ bodyLimitBytes, readerThreads: threads }).app;
});

afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await threads.close();
});

describe('a reading that has to be ended', () => {
  const dialect = findDialect('azure');
  const input = { bytes: Buffer.alloc(100_000, 0x20), event: 'Stop' };

  function readerEndedBy(why: TaskEndedError['why']): Reader {
    const run = () => Promise.reject(new TaskEndedError(why));
    return new Reader({ run } as unknown as ThreadPool);
  }

  it.each([
    ['time', 'TOO_LARGE', 'The context takes more than 5 s to read. Send less.'],
    ['memory', 'TOO_LARGE', 'The context takes more than 256 MiB of memory to read. Send less.'],
    ['died', 'OVERLOADED', 'The context could not be read: its reader thread ended. Try again.'],
    ['late', 'OVERLOADED', 'The context could not be read within the deadline.'],
  ] as const)('by %s is %s', async (why, code, message) => {
    const reading = readerEndedBy(why).context(dialect, input, { tenant: 'a', withinMs: 1_000 });
    await expect(reading).rejects.toMatchObject({
      code,
      message,
      ...(code === 'TOO_LARGE' ? { field: 'context' } : {}),
    });
  });

  it('by time has no field where it is that of a body', async () => {
    const body = { contentType: 'application/json', bytes: input.bytes };
    const reading = readerEndedBy('time').runRequest(body, { tenant: 'a' });
    await expect(reading).rejects.toMatchObject({
      message: 'The body takes more than 5 s to read. Send less.',
      field: undefined,
    });
  });

  it.each([
    ['no deadline', undefined, 30_000, '30 s'],
    ['an hour', 3_600_000, 30_000, '30 s'],
    ['30 s', 30_000, 30_000, 'the deadline'],
    ['a second', 1_000, 1_000, 'the deadline'],
  ])(
    'a caller with %s waits so long at most, for a thread too',
    async (_, withinMs, most, limit) => {
      const waits: unknown[] = [];
      const run = (_kind: string, _input: unknown, call: TaskCall) => {
        waits.push(call.withinMs);
        return Promise.reject(new TaskEndedError('late'));
      };
      const reader = new Reader({ run } as unknown as ThreadPool);
      const body = { contentType: 'application/json', bytes: Buffer.alloc(100_000) };
      await expect(reader.evaluateRequest(body, { tenant: 'a', withinMs })).rejects.toMatchObject({
        code: 'OVERLOADED',
        message: `The body could not be read within ${limit}.`,
      });
      expect(waits).toEqual([most]);
    },
  );

  it('by nobody, because no thread is free: a body is answered with 503 after 30 s', async () => {
    vi.useFakeTimers();
    const busy = new ThreadPool({
      from: import.meta.url,
      entry: './none',
      threads: 0,
      heapMb: 64,
      waitingPerTenant: 1,
      idleMs: 1,
    });
    const body = { contentType: 'application/json', bytes: Buffer.alloc(100_000) };
    const reading = new Reader(busy)
      .evaluateRequest(body, { tenant: 'a' })
      .catch((error: unknown) => answerTo(error));
    await vi.advanceTimersByTimeAsync(30_000);
    vi.useRealTimers();
    expect(await reading).toMatchObject({ status: 503, error: { code: 'OVERLOADED' } });
  });
});
