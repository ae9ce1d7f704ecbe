/**
 * Redis dies, freezes, fills up or goes away: one answer, in time, and healthy again without a
 * restart.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holder } from '../support/active-job.ts';
import { quick, slackMs, untilHealthy } from '../support/healthy.ts';
import { bashHook } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

test('redis killed and restarted empty during a run: answered, and healthy again', async () => {
  rig.worker();
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 700\nreason: slow'), 8_000);
  await holder(rig.redis);
  await rig.redis.kill();
  await rig.redis.start();
  const answer = await asking;
  expect(answer.decision.decision).toBe('block');
  expect(answer.tookMs).toBeLessThan(8_000 + slackMs);
  expect(await untilHealthy(runner)).toBeLessThan(5_000);
});

test.each(['allow', 'block'] as const)(
  'redis frozen: the failMode %s speaks by the deadline',
  async (failMode) => {
    rig.worker();
    const runner = await rig.runner();
    await untilHealthy(runner);
    rig.redis.freeze();
    const answer = await ask(runner, bashHook('exit 0', { failMode }), 700);
    expect(answer.decision.decision).toBe(failMode);
    expect(answer.tookMs).toBeLessThan(700 + slackMs);
    rig.redis.thaw();
    await untilHealthy(runner);
  },
);

test('redis down: refused in milliseconds, not at the deadline', async () => {
  rig.worker();
  const runner = await rig.runner();
  await rig.redis.kill();
  await vi.waitFor(() => expect(runner.stats().connected).toBe(false), {
    timeout: 2_000,
    interval: 10,
  });
  const answer = await ask(runner, quick, 8_000);
  expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'QUEUE_UNAVAILABLE']);
  expect(answer.tookMs).toBeLessThan(1_500);
  await rig.redis.start();
  await untilHealthy(runner);
});

test('redis full (noeviction): answered with failMode at once, and healthy when there is room', async () => {
  rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.use(async (client) => {
    await client.config('SET', 'maxmemory', '1');
    const answer = await ask(runner, quick, 5_000);
    expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'QUEUE_UNAVAILABLE']);
    expect(answer.tookMs).toBeLessThan(2_000);
    await client.config('SET', 'maxmemory', '0');
  });
  await untilHealthy(runner);
});

test('redis full while a job runs: answered by the deadline, and healthy when there is room', async () => {
  rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await rig.redis.use(async (client) => {
    const asking = ask(runner, bashHook('sleep 300', { failMode: 'block' }), 1_500);
    await holder(rig.redis);
    await client.config('SET', 'maxmemory', '1');
    const answer = await asking;
    expect(answer.tookMs).toBeLessThan(1_500 + slackMs);
    expect(['block', 'none']).toContain(answer.decision.decision);
    await client.config('SET', 'maxmemory', '0');
  });
  await untilHealthy(runner);
});

test('an idle worker takes jobs again after redis was away for longer than drainDelay', async () => {
  const worker = rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.kill();
  const down = performance.now();
  await vi.waitFor(() => expect(performance.now() - down).toBeGreaterThan(3_500), {
    timeout: 5_000,
  });
  await rig.redis.start();
  expect(await untilHealthy(runner, 8_000)).toBeLessThan(6_000);
  expect(worker.stats().running).toBe(0);
});

test('a worker and a dispatcher that are cut off from redis still close', async () => {
  const worker = rig.worker();
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.kill();
  const started = performance.now();
  await Promise.all([worker.close(), runner.close()]);
  expect(performance.now() - started).toBeLessThan(6_000);
});
