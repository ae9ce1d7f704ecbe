/**
 * Answers by the caller's clock: before the deadline, and shortly after it where the machine has no
 * time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TestRedis } from '../support/redis.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let redis: TestRedis;
let server: RunningServer;
let busy: ChildProcess[] = [];

beforeAll(async () => {
  redis = await TestRedis.start();
  server = await startServer([], { HOOKPOOL_REDIS_URL: redis.url });
  // What is compiled and loaded by the first one comes once in the life of a server.
  await lateness(300);
});

afterEach(() => {
  for (const child of busy.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  await redis.remove();
});

/** Six busy processes for each core: a load of 12 on two. They end by themselves. */
function load(seconds: number): void {
  const spin = `const end = Date.now() + ${seconds * 1_000}; while (Date.now() < end);`;
  busy = Array.from({ length: 6 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', spin]),
  );
}

/** Of a hook that nobody runs: milliseconds from the deadline to the answer. */
async function lateness(deadlineMs: number): Promise<number> {
  const hooks = { Stop: [{ name: 'guard', command: 'exit 0', failMode: 'block' }] };
  const json = { hooks, context: { hook_event_name: 'Stop' }, deadlineMs };
  const started = performance.now();
  const { body } = await server.ask('POST', '/v1/evaluate', { json });
  expect(body).toMatchObject({ decision: 'block', cause: { code: 'DEADLINE' } });
  return performance.now() - started - deadlineMs;
}

/** Asks every `everyMs`, so that several wait at one time and none is due with another. */
async function worst(count: number, deadlineMs: number, everyMs: number): Promise<number> {
  const late = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      await wait(n * everyMs);
      return lateness(deadlineMs);
    }),
  );
  const sorted = late.toSorted((a, b) => a - b).map(Math.round);
  console.log(
    `lateness at ${deadlineMs} ms: median ${sorted[count >> 1]} ms, worst ${sorted.at(-1)} ms`,
  );
  return sorted.at(-1) ?? 0;
}

test.each([300, 1_000])(
  'an answer of a deadline of %i ms is there before it',
  async (deadlineMs) => {
    expect(await worst(10, deadlineMs, 100)).toBeLessThanOrEqual(0);
  },
);

test('and at most 100 ms after it under six times the load that the machine has cores for', async () => {
  load(25);
  expect(await worst(25, 400, 200)).toBeLessThanOrEqual(100);
});

// All 30 become due at one instant, with a seventh of the processors for all of their answers.
test('and at most a second after it where 30 are due at once under that load', async () => {
  load(15);
  const late = await Promise.all(Array.from({ length: 30 }, () => lateness(1_000)));
  console.log(`lateness of 30 at once: worst ${Math.round(Math.max(...late))} ms`);
  expect(Math.max(...late)).toBeLessThanOrEqual(1_000);
});
