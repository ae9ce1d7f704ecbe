import { describe, expect, test, vi } from 'vitest';
import type { FakeSandbox } from '../support/fake-sandbox.ts';
import { usePoolRig } from './pool-rig.ts';

const rig = usePoolRig();

describe('a pool', () => {
  test('keeps as many blank sandboxes ready as it is told, and refills behind a lease', async () => {
    rig.open({ warm: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.pool.stats()).toMatchObject({ blank: 2 });
    const lease = await rig.pool.acquire('a', 'tenant');
    await vi.advanceTimersByTimeAsync(20);
    expect(rig.pool.stats()).toMatchObject({ blank: 2, leased: 1 });
    lease.release();
  });

  test('makes nothing beside a short job: what nobody waits for comes behind its answer', async () => {
    rig.open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    const lease = await rig.pool.acquire('a', 'job');
    await vi.advanceTimersByTimeAsync(19);
    expect(rig.made).toHaveLength(1);
    lease.release();
    expect(rig.made).toHaveLength(1);
    expect(rig.made[0]?.state).not.toBe('gone');
    await vi.waitFor(() => expect(rig.pool.stats()).toMatchObject({ blank: 1, leased: 0 }));
    expect(rig.made.map((sandbox) => sandbox.state)).toEqual(['gone', 'idle']);
  });

  test('that is prepared makes one sandbox before the first job asks for it, and no other', async () => {
    rig.open({ prepared: true });
    expect(rig.pool.stats()).toMatchObject({ creating: 1 });
    const lease = await rig.pool.acquire('a', 'tenant');
    lease.release();
    await vi.advanceTimersByTimeAsync(1_000);
    await rig.runOnce('a');
    expect(rig.made).toHaveLength(1);
  });

  test('makes at once what somebody waits for', async () => {
    rig.open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    const lease = await rig.pool.acquire('a', 'job');
    const other = await rig.pool.acquire('b', 'job');
    expect(rig.made.length).toBeGreaterThan(1);
    lease.release();
    other.release();
  });

  test('gives a tenant the sandbox that it used before, and nobody else', async () => {
    rig.open();
    await rig.runOnce('a');
    await rig.runOnce('a');
    expect(rig.made).toHaveLength(1);
    await rig.runOnce('b');
    expect(rig.made).toHaveLength(2);
    expect(rig.made.map((sandbox) => sandbox.jobs)).toEqual([2, 1]);
  });

  test('gives a job with isolation job a sandbox that nobody used, and destroys it afterwards', async () => {
    rig.open();
    await rig.runOnce('a');
    await rig.runOnce('a', 'job');
    expect(rig.made.map((sandbox) => sandbox.state)).toEqual(['idle', 'gone']);
    expect(rig.destroyed()).toEqual(['isolation']);
  });

  test('destroys a sandbox whose reset was not clean', async () => {
    rig.open();
    const lease = await rig.pool.acquire('a', 'tenant');
    (rig.made[0] as FakeSandbox).clean = false;
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.destroyed()).toEqual(['not-clean']);
    expect(rig.pool.stats()).toMatchObject({ idle: 0, leased: 0 });
  });

  test('hands nothing out before its reset is proven', async () => {
    rig.open({ max: 1 });
    const lease = await rig.pool.acquire('a', 'tenant');
    let finish: () => void = () => undefined;
    (rig.made[0] as FakeSandbox).resetting = new Promise((resolve) => {
      finish = resolve;
    });
    lease.release();
    const next = rig.pool.acquire('a', 'tenant');
    await vi.advanceTimersByTimeAsync(10);
    expect(rig.pool.stats()).toMatchObject({ waiting: 1, leased: 1 });
    finish();
    (await next).release();
  });

  test('destroys a sandbox after its last job and at its greatest age', async () => {
    rig.open({ maxJobs: 2, maxAgeMs: 1000 });
    await rig.runOnce('a');
    await rig.runOnce('a');
    expect(rig.destroyed()).toEqual(['worn-out']);
    await rig.runOnce('a');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rig.destroyed()).toEqual(['worn-out', 'idle']);
  });

  test('never has more sandboxes than its maximum, and evicts an idle one of another tenant', async () => {
    rig.open({ max: 2 });
    await rig.runOnce('a');
    await rig.runOnce('b');
    const lease = await rig.pool.acquire('c', 'tenant');
    expect(rig.destroyed()).toEqual(['evicted']);
    expect(rig.made[0]?.state).toBe('gone');
    lease.release();
  });

  test('releases a lease once, however often it is asked', async () => {
    rig.open();
    const lease = await rig.pool.acquire('a', 'tenant');
    lease.release();
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.pool.stats()).toMatchObject({ idle: 1, leased: 0 });
  });

  test('serves those who wait in their order', async () => {
    rig.open({ max: 1 });
    const first = await rig.pool.acquire('a', 'tenant');
    const order: string[] = [];
    const waits = ['b', 'c'].map((tenant) =>
      rig.pool.acquire(tenant, 'tenant').then((lease) => {
        order.push(tenant);
        lease.release();
      }),
    );
    first.release();
    await Promise.all(waits);
    expect(order).toEqual(['b', 'c']);
  });

  test('answers with POOL_EXHAUSTED when nothing gets free in time', async () => {
    rig.open({ max: 1, acquireTimeoutMs: 500 });
    const lease = await rig.pool.acquire('a', 'tenant');
    const late = expect(rig.pool.acquire('b', 'tenant')).rejects.toMatchObject({
      code: 'POOL_EXHAUSTED',
    });
    await vi.advanceTimersByTimeAsync(501);
    await late;
    lease.release();
  });

  test('forgets a waiter that was cancelled', async () => {
    rig.open({ max: 1 });
    const lease = await rig.pool.acquire('a', 'tenant');
    const controller = new AbortController();
    const cancelled = expect(
      rig.pool.acquire('b', 'tenant', { signal: controller.signal }),
    ).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await cancelled;
    expect(rig.pool.stats()).toMatchObject({ waiting: 0 });
    lease.release();
  });
});
