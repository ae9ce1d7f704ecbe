import { afterEach, describe, expect, it } from 'vitest';
import { TaskEndedError } from '../../src/threads/task-ended-error.ts';
import { ThreadPool } from '../../src/threads/thread-pool.ts';

const a = { tenant: 'a', timeoutMs: 5_000 };
const b = { tenant: 'b', timeoutMs: 5_000 };
const pools: ThreadPool[] = [];

function open(threads = 2, idleMs = 60_000): ThreadPool {
  const module = { from: import.meta.url, entry: './tasks-under-test' };
  const pool = new ThreadPool({ ...module, threads, heapMb: 64, waitingPerTenant: 3, idleMs });
  pools.push(pool);
  return pool;
}

function whyEnded(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'not ended',
    (error: unknown) => (error instanceof TaskEndedError ? error.why : String(error)),
  );
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('ThreadPool', () => {
  it('answers tasks, one after another on the same thread', async () => {
    const pool = open();
    expect(await pool.run('double', 4, a)).toBe(8);
    expect(await Promise.all([1, 2, 3].map((one) => pool.run('double', one, a)))).toEqual([
      2, 4, 6,
    ]);
  });

  it('moves bytes there and back without a copy', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const back = await open().run('bytes', bytes, { ...a, transfer: [bytes.buffer] });
    expect(bytes.length).toBe(0);
    expect([...(back as Uint8Array)]).toEqual([1, 2, 3]);
  });

  it('ends a task that takes too long, and works on with a new thread', async () => {
    const pool = open(1);
    const spinning = whyEnded(pool.run('spin', 0, { ...a, timeoutMs: 100 }));
    const next = pool.run('double', 4, b);
    expect(await spinning).toBe('time');
    expect(await next).toBe(8);
  });

  it('ends a task that fills its heap, and works on', async () => {
    const pool = open();
    expect(await whyEnded(pool.run('fill', 0, { ...a, timeoutMs: 20_000 }))).toBe('memory');
    expect(await pool.run('double', 4, a)).toBe(8);
  });

  it('tells of a thread that died, and works on', async () => {
    const pool = open();
    expect(await whyEnded(pool.run('exit', 0, a))).toBe('died');
    expect(await pool.run('double', 4, a)).toBe(8);
  });

  it('passes on what a task throws, a stack overflow included', async () => {
    const pool = open();
    await expect(pool.run('overflow', 0, a)).rejects.toThrow('Maximum call stack size exceeded');
    await expect(pool.run('nothing', 0, a)).rejects.toThrow('there is no task nothing');
    await expect(pool.run('double', () => 1, a)).rejects.toThrow('could not be cloned');
    expect(await pool.run('double', 4, a)).toBe(8);
  });

  it('keeps a thread free for other tenants', async () => {
    const pool = open(2);
    await Promise.all([pool.run('double', 1, a), pool.run('double', 1, b)]);
    const spinning = [1, 2].map(() => whyEnded(pool.run('spin', 0, { ...a, timeoutMs: 1_000 })));
    const started = performance.now();
    expect(await pool.run('double', 4, b)).toBe(8);
    expect(performance.now() - started).toBeLessThan(900);
    await pool.close();
    expect(await Promise.all(spinning)).toEqual(Array(2).fill(expect.stringContaining('closing')));
  });

  it('gives up a task for which nobody waits any more, waiting or running', async () => {
    const pool = open(1);
    await pool.run('double', 1, a);
    const running = whyEnded(pool.run('spin', 0, { ...a, withinMs: 150 }));
    const waiting = whyEnded(pool.run('double', 1, { ...a, withinMs: 50 }));
    expect(await Promise.all([waiting, running])).toEqual(['late', 'late']);
    expect(await pool.run('double', 4, a)).toBe(8);
  });

  it('gives up a task whose thread is still starting, and keeps the thread', async () => {
    const pool = open(1);
    expect(await whyEnded(pool.run('double', 1, { ...a, withinMs: 0 }))).toBe('late');
    expect(await pool.run('double', 4, a)).toBe(8);
  });

  it('refuses more waiting tasks of a tenant than it may have, and those of others not', async () => {
    const pool = open(1);
    const spinning = whyEnded(pool.run('spin', 0, { ...a, timeoutMs: 300 }));
    const waiting = [1, 2, 3].map((one) => pool.run('double', one, a));
    await expect(pool.run('double', 4, a)).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(await pool.run('double', 4, b)).toBe(8);
    expect(await Promise.all(waiting)).toEqual([2, 4, 6]);
    expect(await spinning).toBe('time');
  });

  it('lets tenants take turns, whoever has more tasks waiting or came first', async () => {
    const pool = open(1);
    const done: string[] = [];
    const ask = (tenant: string) =>
      pool.run('double', 1, { ...a, tenant }).then(() => done.push(tenant));
    const all = ['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(ask);
    await Promise.all(all);
    expect(done).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
    // The last turn is remembered: b and c had theirs before a.
    done.length = 0;
    await Promise.all(['d', 'a', 'b', 'c'].map(ask));
    expect(done).toEqual(['d', 'c', 'b', 'a']);
  });

  it('remembers the turns of so many tenants, and takes one that it forgot for a new one', async () => {
    const pool = open(1);
    const done: string[] = [];
    const ask = (tenant: string) =>
      pool.run('double', 1, { ...a, tenant }).then(() => done.push(tenant));
    for (let at = 0; at <= 1_000; at++) await ask(`t${at}`);
    done.length = 0;
    await Promise.all(['t1000', 't0', 'new'].map(ask));
    expect(done).toEqual(['t1000', 't0', 'new']);
  });

  it('ends a thread that has had no work for a while', async () => {
    const pool = open(1, 50);
    const [first, second] = [await pool.run('id', 0, a), await pool.run('id', 0, a)];
    expect(second).toBe(first);
    await expect.poll(() => pool.threads).toBe(0);
    expect(await pool.run('id', 0, a)).not.toBe(first);
  });

  it('refuses tasks after its end', async () => {
    const pool = open();
    await pool.close();
    await expect(pool.run('double', 4, a)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
