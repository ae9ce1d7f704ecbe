import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeRun, stopHook } from '../../server/app-under-test.ts';
import { sampleJob } from '../../support/queue-job.ts';
import { TracedRig, tracedApp } from './traced-rig.ts';

let rig: TracedRig;

beforeEach(async () => {
  rig = await TracedRig.start();
});
afterEach(() => rig.close());

test('a collector that never answers costs a bounded queue, no time, and a line a minute', async () => {
  rig.collector.answers = false;
  const told: string[] = [];
  const small = { OTEL_BSP_MAX_QUEUE_SIZE: '20', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' };
  const tracing = rig.tracing(small, ({ message }) => told.push(message));
  const answer = await fakeRun(sampleJob());
  const run = async () => answer;
  // Not once does the event loop reach the network: nothing here waits for an export.
  for (let count = 0; count < 2_000; count++) await tracing.job('hooks', sampleJob(), {}, run);
  expect(rig.collector.received).toEqual([]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const closing = tracing.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
  } finally {
    vi.useRealTimers();
  }
  // One batch was under way, and the queue was full; 1,970 were dropped.
  await expect.poll(() => rig.collector.spans.length).toBe(30);
  await expect.poll(() => told).toEqual(['The collector did not take 10 spans: Request timed out']);
});

test('a collector that refuses is told of, with what it says', async () => {
  rig.collector.status = 400;
  const told: string[] = [];
  const tracing = rig.tracing({ OTEL_LOGS_EXPORTER: 'none' }, ({ message }) => told.push(message));
  await tracedApp(tracing).ask(stopHook('exit 0'));
  await tracing.close();
  expect(told).toEqual(['The collector did not take 2 spans: Bad Request']);
});
