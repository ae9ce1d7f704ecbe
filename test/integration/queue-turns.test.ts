import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keyPrefix } from '../../src/redis/keys.ts';
import { bashHook, never, playScript, sampleJob } from '../support/queue-job.ts';
import { ask, QueueRig } from '../support/queue-rig.ts';

const call = (evaluationId: string, budgetMs = 10_000) =>
  ({ evaluationId, budgetMs, priority: 'normal' }) as const;
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

test('urgent jobs go first, and tenants take turns', async () => {
  const order: string[] = [];
  const runner = await rig.runner();
  const run = (tenant: string, priority: 'urgent' | 'normal', n: number) =>
    runner.run(sampleJob({ tenant }), never, {
      evaluationId: `${tenant}${n}`,
      budgetMs: 10_000,
      priority,
    });
  const heavy = Array.from({ length: 5 }, (_, n) => run('heavy', 'normal', n));
  await vi.waitFor(async () =>
    expect(await rig.redis.use((c) => c.zcard(`${keyPrefix}:hooks:prioritized`))).toBe(5),
  );
  const others = [run('light', 'normal', 0), run('now', 'urgent', 0)];
  await vi.waitFor(async () =>
    expect(await rig.redis.use((c) => c.zcard(`${keyPrefix}:hooks:prioritized`))).toBe(7),
  );
  rig.worker({
    concurrency: 1,
    execute: (job) => {
      order.push(job.tenant);
      return playScript(job);
    },
  });
  await Promise.all([...heavy, ...others]);
  expect(order).toEqual(['now', 'heavy', 'light', 'heavy', 'heavy', 'heavy', 'heavy']);
});

test('a tenant with a long backlog of slow jobs does not slow another one down', async () => {
  rig.worker({ concurrency: 4 });
  const runner = await rig.runner();
  const p95 = async () => {
    const times: number[] = [];
    for (let n = 0; n < 60; n++)
      times.push((await ask(runner, bashHook('sleep 20'), 5_000, 'light')).tookMs);
    return times.toSorted((a, b) => a - b)[56] ?? 0;
  };
  await p95();
  const idle = await p95();
  const stops = Array.from({ length: 1_000 }, () => new AbortController());
  const heavy = stops.map((stop, n) =>
    runner.run(
      sampleJob({ tenant: 'heavy', hook: bashHook('sleep 200') }),
      stop.signal,
      call(`heavy${n}`, 120_000),
    ),
  );
  await vi.waitFor(() => expect(runner.stats().waiting).toBeGreaterThan(500), {
    timeout: 5_000,
    interval: 20,
  });
  const loaded = await p95();
  console.log(
    `fairness: p95 of the light tenant ${idle.toFixed(1)} ms idle, ${loaded.toFixed(1)} ms beside a backlog of 1000`,
  );
  for (const stop of stops) stop.abort();
  await Promise.all(heavy);
  expect(loaded).toBeLessThan(3 * idle);
});

test('nothing is left in redis without an end', async () => {
  rig.worker();
  const runner = await rig.runner();
  // BullMQ keeps 10,000 events when nobody says otherwise, each with a result.
  expect(
    await rig.redis.use((client) => client.hget(`${keyPrefix}:hooks:meta`, 'opts.maxLenEvents')),
  ).toBe('2000');
  const large = sampleJob({ context: Buffer.from(JSON.stringify({ text: 'x'.repeat(1 << 20) })) });
  expect((await runner.run(large, never, call('large'))).decision).toBe('none');
  // The context has a key of its own, which goes when no job of its event needs it any more.
  const contexts = () => rig.redis.use((client) => client.keys(`${keyPrefix}:hooks:context:*`));
  await vi.waitFor(async () => expect(await contexts()).toEqual([]), { timeout: 10_000 });
  expect((await runner.run(sampleJob(), never, call('small'))).decision).toBe('none');
  await rig.redis.use(async (client) => {
    const keys = (await client.keys('*')).toSorted();
    expect(
      keys.map((key) => key.replace(/worker:.*/, 'worker').replace(/:j.{43}\..{22}$/, ':job')),
    ).toEqual(
      ['completed', 'events', 'id', 'job', 'job', 'meta', 'stalled-check', 'worker', 'workers'].map(
        (name) => `${keyPrefix}:hooks:${name}`,
      ),
    );
    // Each process gives them an end when it starts, each minute, and when it closes.
    await runner.close();
    const ends = await Promise.all(keys.map((key) => client.pttl(key)));
    expect(Math.min(...ends)).toBeGreaterThan(0);
  });
});
