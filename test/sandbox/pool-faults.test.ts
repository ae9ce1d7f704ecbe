import { describe, expect, test, vi } from 'vitest';
import { FakeSandbox } from '../support/fake-sandbox.ts';
import { usePoolRig } from './pool-rig.ts';

const rig = usePoolRig();

/** Opens a pool whose first sandbox is being created. @returns the function that ends the creation */
function openWithCreation(): () => FakeSandbox {
  let created: (sandbox: FakeSandbox) => void = () => undefined;
  rig.open({
    warm: 1,
    create: () =>
      new Promise((resolve) => {
        created = resolve;
      }),
  });
  return () => {
    const sandbox = new FakeSandbox();
    rig.made.push(sandbox);
    created(sandbox);
    return sandbox;
  };
}

describe('a pool', () => {
  test('tells the cause of a failed creation, backs off, and recovers by itself', async () => {
    let broken = true;
    let tries = 0;
    rig.open({
      warm: 1,
      create: async () => {
        tries++;
        if (broken) throw new Error('no space left');
        const sandbox = new FakeSandbox();
        rig.made.push(sandbox);
        return sandbox;
      },
    });
    await expect(rig.pool.acquire('a', 'tenant')).rejects.toThrow('no space left');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(12);
    broken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rig.pool.stats()).toMatchObject({ blank: 1 });
  });

  test('answers at once with the cause once creations have failed several times in a row', async () => {
    rig.open({
      create: async () => {
        throw new Error('image missing');
      },
    });
    for (let call = 0; call < 4; call++) {
      const failing = expect(rig.pool.acquire('a', 'tenant')).rejects.toThrow('image missing');
      await vi.advanceTimersByTimeAsync(call < 3 ? 1_000 : 0);
      await failing;
    }
  });

  test('reaps at its start and once a minute, and survives a reaper that fails', async () => {
    let passes = 0;
    rig.open({
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
    rig.open({ warm: 1 });
    await Promise.all([rig.pool.drain(), rig.pool.drain()]);
    expect(rig.pool.stats()).toMatchObject({ blank: 0 });
  });

  test('drops a blank or idle sandbox that died, and replaces it', async () => {
    rig.open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    rig.made[0]?.die();
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.made).toHaveLength(2);
    await rig.runOnce('a');
    const used = rig.made.find((sandbox) => sandbox.jobs === 1);
    used?.die();
    expect(rig.pool.stats()).toMatchObject({ idle: 0 });
    expect(rig.destroyed()).toEqual(['lost', 'lost']);
  });

  test('pings what waits, and lets a tenant that stays away lose its sandbox', async () => {
    rig.open({ idleMs: 20_000 });
    await rig.runOnce('a');
    await vi.advanceTimersByTimeAsync(9_000);
    expect(rig.made[0]?.pings).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rig.destroyed()).toEqual(['idle']);
  });

  test('destroys a creation that ends after drain()', async () => {
    const finish = openWithCreation();
    const drained = rig.pool.drain();
    await vi.advanceTimersByTimeAsync(0);
    const late = finish();
    await drained;
    expect(late.state).toBe('gone');
  });

  test('answers those who wait with SHUTTING_DOWN, and waits for running jobs', async () => {
    rig.open({ max: 1 });
    const lease = await rig.pool.acquire('a', 'tenant');
    const waiting = expect(rig.pool.acquire('b', 'tenant')).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
    });
    let drained = false;
    const draining = rig.pool.drain().then(() => {
      drained = true;
    });
    await waiting;
    await vi.advanceTimersByTimeAsync(100);
    expect(drained).toBe(false);
    await expect(rig.pool.acquire('c', 'tenant')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    lease.release();
    await draining;
  });

  test('is left before the engine has removed what it has', async () => {
    rig.open({ warm: 1 });
    await vi.advanceTimersByTimeAsync(0);
    const [sandbox = expect.unreachable()] = rig.made;
    const destroy = sandbox.destroy.bind(sandbox);
    let isRemoved = () => {};
    vi.spyOn(sandbox, 'destroy').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        isRemoved = resolve;
      });
      await destroy();
    });
    await rig.pool.leave();
    expect(sandbox.destroy).toHaveBeenCalledOnce();
    expect(sandbox.state).not.toBe('gone');
    isRemoved();
  });

  test('is left only when what it creates is there, and has been told to end', async () => {
    const finish = openWithCreation();
    let left = false;
    const leaving = rig.pool.leave().then(() => {
      left = true;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(left).toBe(false);
    const late = finish();
    await leaving;
    expect(late.state).toBe('gone');
  });
});
