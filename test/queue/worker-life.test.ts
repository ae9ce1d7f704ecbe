/** What a worker says of itself, when it starts BullMQ anew, and how it closes. */
import { describe, expect, it, vi } from 'vitest';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { rig, useRig } from './worker-rig.ts';

useRig();

describe('the heartbeat says', () => {
  it('what the worker can do, and how long its jobs take', async () => {
    rig.openHolding();
    const answer = rig.give();
    await vi.advanceTimersByTimeAsync(100);
    expect(rig.heartbeat.state()).toEqual({
      capacity: 3,
      running: 1,
      meanJobMs: 0,
      starting: false,
    });
    rig.running[0]?.();
    await answer;
    expect(rig.heartbeat.state()).toEqual({
      capacity: 3,
      running: 0,
      meanJobMs: 100,
      starting: false,
    });
  });

  it('that a held worker is starting and has no place, until it begins', async () => {
    rig.open({ held: true });
    expect(rig.heartbeat.state()).toMatchObject({ capacity: 0, starting: true });
    expect(rig.bulls[0]?.options.autorun).toBe(false);
    rig.worker.begin();
    expect(rig.heartbeat.state()).toMatchObject({ capacity: 3, starting: false });
    expect(rig.bulls[0]?.calls).toEqual(['resume']);
  });

  it('that there is no place while the engine fails, and again after the rest', async () => {
    const down = { code: 'ENGINE_DOWN', message: 'no engine' } as const;
    rig.open({ execute: async (job) => decide(job.dialect, job.hook, down) });
    await rig.give();
    expect([rig.heartbeat.state().capacity, rig.bulls[0]?.calls]).toEqual([0, ['pause']]);
    await vi.advanceTimersByTimeAsync(500);
    expect([rig.heartbeat.state().capacity, rig.bulls[0]?.calls]).toEqual([3, ['pause', 'resume']]);
  });
});

describe('a BullMQ that sleeps beside jobs in line', () => {
  async function starve(ms: number, waiting = 1): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      await vi.advanceTimersByTimeAsync(500);
      rig.hear({ waiting });
    }
  }

  it('is started anew after 4 s, and the old one ends with its jobs', async () => {
    rig.open();
    await starve(4_000);
    expect(rig.bulls.length).toBe(1);
    await starve(500);
    expect([rig.bulls.length, rig.bulls[0]?.calls, rig.worker.stats().restarts]).toEqual([
      2,
      ['close'],
      1,
    ]);
  });

  it('is left alone without jobs in line', async () => {
    rig.open();
    await starve(10_000, 0);
    expect(rig.bulls.length).toBe(1);
  });

  it('is left alone without a free place', async () => {
    rig.openHolding({ concurrency: 1 });
    const answer = rig.give({ budgetMs: 60_000 });
    await starve(10_000);
    expect(rig.bulls.length).toBe(1);
    rig.running[0]?.();
    await answer;
    await starve(5_000);
    expect(rig.bulls.length).toBe(2);
  });

  it('is left alone while the worker pauses', async () => {
    rig.open({ held: true });
    await starve(10_000);
    expect(rig.bulls.length).toBe(1);
  });
});

describe('a worker that closes', () => {
  it('has no place any more, and lets running jobs end before it leaves', async () => {
    rig.openHolding();
    const answer = rig.give();
    await vi.advanceTimersByTimeAsync(0);
    const closing = rig.worker.close(1_000);
    expect(rig.heartbeat.state().capacity).toBe(0);
    rig.running[0]?.();
    expect(await answer).toMatchObject({ decision: 'none' });
    await closing;
    expect([
      rig.bulls[0]?.calls,
      rig.heartbeatEnded,
      rig.redis.log.at(-1),
      rig.redis.status,
    ]).toEqual([['close'], true, 'left', 'end']);
  });

  it('answers SHUTTING_DOWN for what still runs after its time', async () => {
    rig.openHolding();
    const answer = rig.give();
    await vi.advanceTimersByTimeAsync(0);
    const closing = rig.worker.close(1_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(rig.ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(await answer).toMatchObject({ cause: { code: 'SHUTTING_DOWN' } });
    expect(rig.ends).toEqual(['cut-off']);
  });

  it('cuts off a BullMQ that does not close within 2 s, and leaves', async () => {
    rig.closes = false;
    rig.open();
    const closing = rig.worker.close();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(rig.bulls[0]?.calls).toEqual(['close']);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect([rig.bulls[0]?.calls, rig.redis.log]).toEqual([['close', 'disconnect'], ['left']]);
  });

  it('closes once, however often it is told to', () => {
    rig.open();
    expect(rig.worker.close()).toBe(rig.worker.close());
  });
});
