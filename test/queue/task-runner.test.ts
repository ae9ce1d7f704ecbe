/**
 * How a worker ends its tasks and judges their ends, with tasks that only do what the test says.
 */
import { getEventListeners } from 'node:events';
import { UnrecoverableError } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SandboxError, UnavailableError } from '../../src/errors.ts';
import type { EnginePause } from '../../src/queue/engine-pause.ts';
import type { Start, Suspects } from '../../src/queue/suspects.ts';
import { type Running, type Task, TaskFailedError } from '../../src/queue/task.ts';
import { TaskRunner } from '../../src/queue/task-runner.ts';
import { FakeRedis } from './fake-redis.ts';

type Run = (signal: AbortSignal, how: Running) => Promise<unknown>;

/** What became known, in order. */
let log: string[];
let redis: FakeRedis;
let stop: AbortController;
let runner: TaskRunner;

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  redis = new FakeRedis();
  stop = new AbortController();
  runner = new TaskRunner({
    redis: redis.client,
    queue: 'hooks',
    worker: 'w',
    suspects: { add: (script: string) => log.push(`suspects ${script}`) } as unknown as Suspects,
    rest: { afterJob: (code?: string) => log.push(`rest ${code}`) } as unknown as EnginePause,
    stop: stop.signal,
    observe: ({ end, queueMs }) => log.push(`${end} ${queueMs}`),
    onError: (error) => log.push(`error ${error.message}`),
  });
});

afterEach(() => {
  expect(
    [vi.getTimerCount(), getEventListeners(stop.signal, 'abort').length],
    'what a task leaves behind',
  ).toEqual([0, 0]);
  vi.useRealTimers();
});

const start: Start = {
  fresh: false,
  end: async (harmless) => void log.push(harmless ? 'harmless' : 'harmful'),
};
const refuse = ({ code }: { code: string }) => ({ refused: code });
const taskOf = (run: Run) => ({ tenant: 'a', script: 's', run, refuse }) as unknown as Task;
const runTask = (run: Run, leftMs = 1_000, begin = start): Promise<unknown> =>
  runner.run(taskOf(run), leftMs, 7, begin);
const ended = (code?: string, cancelled = false) =>
  runTask(async () => ({ returned: 'result', code, cancelled }));

/** Runs until its signal is aborted. */
const endless: Run = (signal) =>
  new Promise((resolve) => {
    const leave = () =>
      resolve({
        returned: (signal.reason as UnavailableError).code,
        code: 'HOOK_CANCELLED',
        cancelled: true,
      });
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
  });

it('a task hears how long it was in line, and whether it gets a fresh sandbox', async () => {
  const heard: Running[] = [];
  const run: Run = async (_, how) => {
    heard.push(how);
    return { returned: 'result', code: undefined, cancelled: false };
  };
  expect(await runTask(run, 1_000, { ...start, fresh: true })).toBe('result');
  expect(heard).toEqual([{ queueMs: 7, fresh: true }]);
  expect(log).toEqual(['rest undefined', 'harmless', 'done 7']);
});

it('a task that is not done in its time is ended with DEADLINE, and what it returns is the answer', async () => {
  const answer = runTask(endless, 1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await answer).toBe('DEADLINE');
  expect(log).toEqual(['rest HOOK_CANCELLED', 'harmful', 'done 7']);
});

it.each(['before', 'while'])(
  'a worker that ends %s the task runs answers SHUTTING_DOWN',
  async (when) => {
    const closing = () => stop.abort(new UnavailableError('SHUTTING_DOWN', 'closing'));
    if (when === 'before') closing();
    const answer = runTask(endless);
    if (when === 'while') closing();
    expect(await answer).toEqual({ refused: 'SHUTTING_DOWN' });
    expect(log).toEqual(['rest HOOK_CANCELLED', 'harmful', 'cut-off 7']);
  },
);

it('a task that was done before its worker ended keeps its answer', async () => {
  const run: Run = async () => {
    stop.abort();
    return { returned: 'result', code: undefined, cancelled: false };
  };
  expect(await runTask(run)).toBe('result');
});

describe('for a suspect', () => {
  it.each([
    [undefined, true],
    ['HOOK_EXIT_CODE', true],
    ['HOOK_TIMED_OUT', true],
    ['HOOK_CANCELLED', false],
    ['SANDBOX_LOST', false],
    ['ENGINE_DOWN', false],
    ['POOL_EXHAUSTED', false],
  ])('an end with %s is harmless: %s', async (code, harmless) => {
    await ended(code);
    expect(log).toContain(harmless ? 'harmless' : 'harmful');
  });

  it('an answer of a run that was ended is not harmless', async () => {
    await ended(undefined, true);
    expect(log).toContain('harmful');
  });
});

describe('a lost sandbox', () => {
  it.each(['SANDBOX_LOST', 'BAD_FRAME', 'BAD_STREAM'])(
    '(%s) is counted, with the time of its run',
    async (code) => {
      const run: Run = async () => {
        vi.advanceTimersByTime(250);
        return { returned: 'result', code, cancelled: false };
      };
      await runTask(run);
      expect(redis.calls.map(({ args }) => args)).toEqual([['s', 'w', 250]]);
      expect(log).not.toContain('suspects s');
    },
  );

  it('that brings its script into quarantine is known to the worker at once', async () => {
    redis.answer = () => 1;
    await ended('SANDBOX_LOST');
    expect(log).toEqual(['rest SANDBOX_LOST', 'suspects s', 'harmful', 'done 7']);
  });

  it('that cannot be counted costs nobody an answer', async () => {
    redis.answer = () => {
      throw new Error('Connection is closed.');
    };
    expect(await ended('BAD_FRAME')).toBe('result');
    expect(log).toEqual(['rest BAD_FRAME', 'error Connection is closed.', 'harmful', 'done 7']);
  });

  it('is all that is counted', async () => {
    for (const code of [undefined, 'HOOK_SIGNALED', 'ENGINE_DOWN']) await ended(code);
    expect(redis.calls).toEqual([]);
  });
});

describe('a task that fails', () => {
  it('in a sandbox fails its job with that code, and is judged by it', async () => {
    redis.answer = () => 1;
    const error = new TaskFailedError(new SandboxError('SANDBOX_LOST', 'gone'));
    await expect(runTask(() => Promise.reject(error))).rejects.toBe(error);
    expect(log).toEqual(['failed 7', 'rest SANDBOX_LOST', 'suspects s', 'harmful']);
  });

  it('by a bug of ours is INTERNAL, which BullMQ does not try again', async () => {
    const thrown = await runTask(() => Promise.reject(new TypeError('x'))).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(UnrecoverableError);
    expect(thrown).toMatchObject({ message: 'INTERNAL: x' });
    expect(log).toEqual(['failed 7', 'rest INTERNAL', 'harmful']);
  });
});
