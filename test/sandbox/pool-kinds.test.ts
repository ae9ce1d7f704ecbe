import { describe, expect, test, vi } from 'vitest';
import { defaultKind, type SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import { FakeSandbox } from '../support/fake-sandbox.ts';
import { usePoolRig } from './pool-rig.ts';

const rig = usePoolRig();
const full: SandboxKind = { profile: 'full' };
const project: SandboxKind = { profile: 'small', workspace: '/srv/a' };
const settle = () => vi.advanceTimersByTimeAsync(0);
const kinds = () =>
  rig.events.flatMap((event) => (event.type === 'created' ? event.kind.profile : []));
const acquire = (tenant: string, kind: SandboxKind) => rig.pool.acquire(tenant, 'tenant', { kind });

/** A creation that the test ends. */
function held() {
  const ends: (() => void)[] = [];
  const started: string[] = [];
  const create = (kind: SandboxKind) => {
    started.push(kind.profile);
    return new Promise<FakeSandbox>((resolve) => {
      ends.push(() => {
        const sandbox = new FakeSandbox();
        rig.made.push(sandbox);
        resolve(sandbox);
      });
    });
  };
  return { create, ends, started };
}

describe('a pool of several kinds', () => {
  test('gives a tenant no sandbox of another profile or workspace', async () => {
    rig.open();
    for (const kind of [defaultKind, full, project]) await rig.runOnce('a', 'tenant', kind);
    expect(rig.made.map(({ jobs }) => jobs)).toEqual([1, 1, 1]);
    for (const kind of [defaultKind, full, project]) await rig.runOnce('a', 'tenant', kind);
    expect(rig.made.map(({ jobs }) => jobs)).toEqual([2, 2, 2]);
  });

  test('tells with a lease of what kind it is', async () => {
    rig.open();
    const lease = await acquire('a', project);
    expect(lease.kind).toEqual(project);
    lease.release();
  });

  test('waits for the reset of a sandbox of the same kind only', async () => {
    rig.open();
    const lease = await acquire('a', full);
    let finish: () => void = () => undefined;
    (rig.made[0] as FakeSandbox).resetting = new Promise((resolve) => {
      finish = resolve;
    });
    lease.release();
    (await acquire('a', defaultKind)).release();
    expect(rig.made).toHaveLength(2);
    const same = acquire('a', full);
    await settle();
    expect(rig.made).toHaveLength(2);
    finish();
    (await same).release();
  });

  test('keeps blank ones of a profile ready while it is used, of a workspace never', async () => {
    rig.open({ warm: 1, max: 6, idleMs: 20_000 });
    await settle();
    expect(kinds()).toEqual(['small']);
    await rig.runOnce('a', 'job', full);
    await rig.runOnce('a', 'job', project);
    await vi.advanceTimersByTimeAsync(100);
    expect(rig.pool.stats()).toMatchObject({ blank: 2, idle: 0, leased: 0 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(rig.pool.stats()).toMatchObject({ blank: 1 });
    (await acquire('b', defaultKind)).release();
    expect(rig.made.filter(({ state }) => state === 'gone')).toHaveLength(3);
  });

  test('evicts the longest idle one of any kind, then a blank one, for a waiter', async () => {
    rig.open({ warm: 1, max: 2 });
    await rig.runOnce('a', 'tenant', project);
    expect(rig.pool.stats()).toMatchObject({ blank: 1, idle: 1 });
    const first = await acquire('a', full);
    expect(rig.destroyed()).toEqual(['evicted']);
    expect(rig.pool.stats()).toMatchObject({ blank: 1, idle: 0, leased: 1 });
    const second = await acquire('b', full);
    expect(rig.destroyed()).toEqual(['evicted', 'evicted']);
    expect(rig.pool.stats()).toMatchObject({ blank: 0, idle: 0, leased: 2 });
    first.release();
    second.release();
  });

  test('serves waiters of all kinds in their order', async () => {
    rig.open({ max: 1 });
    const first = await acquire('a', defaultKind);
    const order: string[] = [];
    const waits = [full, project, defaultKind].map(async (kind, index) => {
      const lease = await acquire(`t${index}`, kind);
      order.push(`t${index}`);
      lease.release();
    });
    first.release();
    await Promise.all(waits);
    expect(order).toEqual(['t0', 't1', 't2']);
  });

  test('a creation whose waiter has gone does not keep the last place from another kind', async () => {
    const { create, ends, started } = held();
    rig.open({ max: 1, create });
    const controller = new AbortController();
    const gone = expect(
      rig.pool.acquire('a', 'tenant', { kind: full, signal: controller.signal }),
    ).rejects.toThrow('enough');
    const other = acquire('b', project);
    controller.abort(new Error('enough'));
    await gone;
    ends[0]?.();
    await settle();
    expect(started).toEqual(['full', 'small']);
    expect(rig.destroyed()).toEqual(['evicted']);
    ends[1]?.();
    (await other).release();
  });

  test('creations of one kind that hang leave a place to the next kind', async () => {
    const { create, ends, started } = held();
    rig.open({ max: 8, create });
    const many = ['a', 'b', 'c', 'd', 'e'].map((tenant) => acquire(tenant, full));
    const other = acquire('f', project);
    expect(started).toEqual(['full', 'full', 'full', 'small']);
    ends[3]?.();
    (await other).release();
    for (const index of [0, 1, 2, 4, 5]) {
      ends[index]?.();
      await settle();
    }
    for (const lease of await Promise.all(many)) lease.release();
  });
});

describe('creations that fail', () => {
  const failing = (broken: string) => async (kind: SandboxKind) => {
    if (kind.profile === broken) throw new Error(`${broken} has no image`);
    const sandbox = new FakeSandbox();
    rig.made.push(sandbox);
    return sandbox;
  };

  test('end the waiters of their kind alone', async () => {
    rig.open({ create: failing('full') });
    const failed = expect(acquire('a', full)).rejects.toThrow('full has no image');
    const other = acquire('b', defaultKind);
    await failed;
    (await other).release();
  });

  test('delay and stop their kind alone', async () => {
    rig.open({ warm: 1, max: 8, create: failing('full') });
    for (let call = 0; call < 4; call++) {
      const failed = expect(acquire('a', full)).rejects.toThrow('full has no image');
      const other = acquire(`b${call}`, project);
      await vi.advanceTimersByTimeAsync(call < 3 ? 1_000 : 0);
      await failed;
      (await other).release();
    }
    const attempts = () => rig.events.filter(({ type }) => type === 'create-failed').length;
    expect(attempts()).toBeLessThan(8);
    await vi.advanceTimersByTimeAsync(400_000);
    const before = attempts();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(before);
  });
});
