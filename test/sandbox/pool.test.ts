import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Isolation } from '../../src/protocol/run.ts';
import { Pool } from '../../src/sandbox/pool.ts';
import type { PoolEvent } from '../../src/sandbox/pool-events.ts';
import type { PoolOptions } from '../../src/sandbox/pool-options.ts';
import { FakeSandbox } from '../support/fake-sandbox.ts';

let made: FakeSandbox[] = [];
let events: PoolEvent[] = [];
let pool: Pool;

function open(options: Partial<PoolOptions> = {}): Pool {
  pool = new Pool({
    warm: 0,
    max: 4,
    observe: (event) => void events.push(event),
    create: async () => {
      const sandbox = new FakeSandbox();
      made.push(sandbox);
      return sandbox;
    },
    ...options,
  });
  return pool;
}

async function runOnce(tenant: string, isolation: Isolation = 'tenant'): Promise<void> {
  const lease = await pool.acquire(tenant, isolation);
  await lease.run({} as never);
  lease.release();
  await vi.advanceTimersByTimeAsync(0);
}

const destroyed = () => events.flatMap((event) => (event.type === 'destroyed' ? event.reason : []));

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
  });
  made = [];
  events = [];
});

afterEach(async () => {
  await pool.drain();
  expect(pool.stats()).toEqual({ blank: 0, idle: 0, leased: 0, creating: 0, waiting: 0 });
  expect(made.every((sandbox) => sandbox.state === 'gone')).toBe(true);
  vi.useRealTimers();
});

describe('a pool', () => {
  test('keeps as many blank sandboxes ready as it is told, and refills behind a lease', async () => {
    open({ warm: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(pool.stats()).toMatchObject({ blank: 2 });
    const lease = await pool.acquire('a', 'tenant');
    await vi.advanceTimersByTimeAsync(20);
    expect(pool.stats()).toMatchObject({ blank: 2, leased: 1 });
    lease.release();
  });

  test('makes nothing beside a short job: what nobody waits for comes behind its answer', async () => {
    open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    const lease = await pool.acquire('a', 'job');
    await vi.advanceTimersByTimeAsync(19);
    expect(made).toHaveLength(1);
    lease.release();
    expect(made).toHaveLength(1);
    expect(made[0]?.state).not.toBe('gone');
    await vi.waitFor(() => expect(pool.stats()).toMatchObject({ blank: 1, leased: 0 }));
    expect(made.map((sandbox) => sandbox.state)).toEqual(['gone', 'idle']);
  });

  test('makes at once what somebody waits for', async () => {
    open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    const lease = await pool.acquire('a', 'job');
    const other = await pool.acquire('b', 'job');
    expect(made.length).toBeGreaterThan(1);
    lease.release();
    other.release();
  });

  test('gives a tenant the sandbox that it used before, and nobody else', async () => {
    open();
    await runOnce('a');
    await runOnce('a');
    expect(made).toHaveLength(1);
    await runOnce('b');
    expect(made).toHaveLength(2);
    expect(made.map((sandbox) => sandbox.jobs)).toEqual([2, 1]);
  });

  test('gives a job with isolation job a sandbox that nobody used, and destroys it afterwards', async () => {
    open();
    await runOnce('a');
    await runOnce('a', 'job');
    expect(made.map((sandbox) => sandbox.state)).toEqual(['idle', 'gone']);
    expect(destroyed()).toEqual(['isolation']);
  });

  test('destroys a sandbox whose reset was not clean', async () => {
    open();
    const lease = await pool.acquire('a', 'tenant');
    (made[0] as FakeSandbox).clean = false;
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(destroyed()).toEqual(['not-clean']);
    expect(pool.stats()).toMatchObject({ idle: 0, leased: 0 });
  });

  test('hands nothing out before its reset is proven', async () => {
    open({ max: 1 });
    const lease = await pool.acquire('a', 'tenant');
    let finish: () => void = () => undefined;
    (made[0] as FakeSandbox).resetting = new Promise((resolve) => {
      finish = resolve;
    });
    lease.release();
    const next = pool.acquire('a', 'tenant');
    await vi.advanceTimersByTimeAsync(10);
    expect(pool.stats()).toMatchObject({ waiting: 1, leased: 1 });
    finish();
    (await next).release();
  });

  test('destroys a sandbox after its last job and at its greatest age', async () => {
    open({ maxJobs: 2, maxAgeMs: 1000 });
    await runOnce('a');
    await runOnce('a');
    expect(destroyed()).toEqual(['worn-out']);
    await runOnce('a');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(destroyed()).toEqual(['worn-out', 'idle']);
  });

  test('never has more sandboxes than its maximum, and evicts an idle one of another tenant', async () => {
    open({ max: 2 });
    await runOnce('a');
    await runOnce('b');
    const lease = await pool.acquire('c', 'tenant');
    expect(destroyed()).toEqual(['evicted']);
    expect(made[0]?.state).toBe('gone');
    lease.release();
  });

  test('releases a lease once, however often it is asked', async () => {
    open();
    const lease = await pool.acquire('a', 'tenant');
    lease.release();
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(pool.stats()).toMatchObject({ idle: 1, leased: 0 });
  });

  test('serves those who wait in their order', async () => {
    open({ max: 1 });
    const first = await pool.acquire('a', 'tenant');
    const order: string[] = [];
    const waits = ['b', 'c'].map((tenant) =>
      pool.acquire(tenant, 'tenant').then((lease) => {
        order.push(tenant);
        lease.release();
      }),
    );
    first.release();
    await Promise.all(waits);
    expect(order).toEqual(['b', 'c']);
  });

  test('answers with POOL_EXHAUSTED when nothing gets free in time', async () => {
    open({ max: 1, acquireTimeoutMs: 500 });
    const lease = await pool.acquire('a', 'tenant');
    const late = expect(pool.acquire('b', 'tenant')).rejects.toMatchObject({
      code: 'POOL_EXHAUSTED',
    });
    await vi.advanceTimersByTimeAsync(501);
    await late;
    lease.release();
  });

  test('forgets a waiter that was cancelled', async () => {
    open({ max: 1 });
    const lease = await pool.acquire('a', 'tenant');
    const controller = new AbortController();
    const cancelled = expect(pool.acquire('b', 'tenant', controller.signal)).rejects.toThrow(
      'enough',
    );
    controller.abort(new Error('enough'));
    await cancelled;
    expect(pool.stats()).toMatchObject({ waiting: 0 });
    lease.release();
  });

  test('tells the cause of a failed creation, backs off, and recovers by itself', async () => {
    let broken = true;
    let tries = 0;
    open({
      warm: 1,
      create: async () => {
        tries++;
        if (broken) throw new Error('no space left');
        const sandbox = new FakeSandbox();
        made.push(sandbox);
        return sandbox;
      },
    });
    await expect(pool.acquire('a', 'tenant')).rejects.toThrow('no space left');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(12);
    broken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.stats()).toMatchObject({ blank: 1 });
  });

  test('answers at once with the cause once creations have failed several times in a row', async () => {
    open({
      create: async () => {
        throw new Error('image missing');
      },
    });
    for (let call = 0; call < 4; call++) {
      const failing = expect(pool.acquire('a', 'tenant')).rejects.toThrow('image missing');
      await vi.advanceTimersByTimeAsync(call < 3 ? 1_000 : 0);
      await failing;
    }
  });

  test('reaps at its start and once a minute, and survives a reaper that fails', async () => {
    let passes = 0;
    open({
      reap: async () => {
        passes++;
        throw new Error('engine away');
      },
    });
    expect(passes).toBe(1);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(passes).toBe(2);
  });

  test('can be drained twice at once', async () => {
    open({ warm: 1 });
    await Promise.all([pool.drain(), pool.drain()]);
    expect(pool.stats()).toMatchObject({ blank: 0 });
  });

  test('drops a blank or idle sandbox that died, and replaces it', async () => {
    open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    made[0]?.die();
    await vi.advanceTimersByTimeAsync(0);
    expect(made).toHaveLength(2);
    await runOnce('a');
    const used = made.find((sandbox) => sandbox.jobs === 1);
    used?.die();
    expect(pool.stats()).toMatchObject({ idle: 0 });
    expect(destroyed()).toEqual(['lost', 'lost']);
  });

  test('pings what waits, and lets a tenant that stays away lose its sandbox', async () => {
    open({ idleMs: 20_000 });
    await runOnce('a');
    await vi.advanceTimersByTimeAsync(9_000);
    expect(made[0]?.pings).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(destroyed()).toEqual(['idle']);
  });

  test('destroys a creation that ends after drain()', async () => {
    let finish: (sandbox: FakeSandbox) => void = () => undefined;
    open({
      warm: 1,
      create: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const drained = pool.drain();
    await vi.advanceTimersByTimeAsync(0);
    const late = new FakeSandbox();
    made.push(late);
    finish(late);
    await drained;
    expect(late.state).toBe('gone');
  });

  test('answers those who wait with SHUTTING_DOWN, and waits for running jobs', async () => {
    open({ max: 1 });
    const lease = await pool.acquire('a', 'tenant');
    const waiting = expect(pool.acquire('b', 'tenant')).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
    });
    let drained = false;
    const draining = pool.drain().then(() => {
      drained = true;
    });
    await waiting;
    await vi.advanceTimersByTimeAsync(100);
    expect(drained).toBe(false);
    await expect(pool.acquire('c', 'tenant')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    lease.release();
    await draining;
  });
});
