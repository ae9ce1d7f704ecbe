/** What BullMQ's worker is told: the promises that it must not break. */
import type { WorkerOptions } from 'bullmq';
import { expect, it, vi } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { timeLimits } from '../../src/protocol/limits.ts';
import { startBullWorker } from '../../src/queue/bull-worker.ts';

const started: { queue: string; options: WorkerOptions; listeners: Record<string, unknown> }[] = [];

vi.mock('bullmq', () => ({
  Worker: class {
    readonly listeners: Record<string, unknown> = {};
    constructor(queue: string, _: unknown, options: WorkerOptions) {
      started.push({ queue, options, listeners: this.listeners });
    }
    on(event: string, listener: unknown) {
      this.listeners[event] = listener;
    }
  },
}));

const onError = () => undefined;
startBullWorker(async () => undefined, {
  queue: 'hooks',
  name: 'w',
  concurrency: 3,
  drainDelayMs: 2_500,
  autorun: false,
  connection: { connection: { host: 'h' }, close: () => undefined },
  onError,
});
const [bull] = started;

it('it is the worker that was asked for, with seconds where BullMQ wants them', () => {
  expect(bull?.queue).toBe('hooks');
  expect(bull?.options).toMatchObject({
    name: 'w',
    concurrency: 3,
    drainDelay: 2.5,
    autorun: false,
    prefix: '{hookpool}',
  });
});

it('no job is run twice behind the back of its caller: none counts as stalled while it may run, and none is taken again', () => {
  const longest = Math.max(
    timeLimits.scriptTimeoutMs,
    ...dialects.map(({ maxTimeoutMs }) => maxTimeoutMs),
  );
  expect(bull?.options.maxStalledCount).toBe(0);
  expect(bull?.options.lockDuration).toBeGreaterThan(longest + timeLimits.slackMs);
});

it('finished jobs do not fill Redis, whoever added them', () => {
  const kept = { age: 60, count: 1_000 };
  expect(bull?.options).toMatchObject({ removeOnComplete: kept, removeOnFail: kept });
});

it('an error is no exception that nobody catches', () => {
  expect(bull?.listeners['error']).toBe(onError);
});
