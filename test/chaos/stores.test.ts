/** The stores of servers while Redis is frozen, full, or back and empty. */
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { appUnderTest, stopContext, stopHook } from '../server/app-under-test.ts';
import { TestRedis } from '../support/redis.ts';
import { evaluation, StoreRig, setContent, setKey, storedBy } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const unavailable = { code: 'QUEUE_UNAVAILABLE' };
/** More than a test of a Redis that does not answer wants to wait. */
const ampleMs = 5_000;

async function frozen(action: () => Promise<void>): Promise<void> {
  rig.redis.freeze();
  try {
    await action();
  } finally {
    rig.redis.thaw();
  }
}

/** With no byte left. */
async function full<T>(action: () => Promise<T>): Promise<T> {
  await rig.redis.use((client) => client.config('SET', 'maxmemory', '1'));
  try {
    return await action();
  } finally {
    await rig.redis.use((client) => client.config('SET', 'maxmemory', '0'));
  }
}

describe('while Redis is frozen', () => {
  test('an evaluation has the sets that this server read last, soon and with one warning', async () => {
    const server = await rig.server();
    await server.hookSets.put(setKey('x'), setContent('known'), {});
    await server.hookSets.put(setKey('g', { scope: 'global' }), setContent(), {});
    await server.hookSets.list('a');
    await frozen(async () => {
      for (let times = 0; times < 2; times++) {
        const started = performance.now();
        const { set, globals } = await server.hookSets.resolve('a', 'x', 100);
        expect([set?.text, globals.length]).toEqual(['known', 1]);
        expect(performance.now() - started).toBeLessThan(600);
      }
    });
    expect(server.warnings.length).toBe(1);
    await expect
      .poll(() => server.hookSets.get(setKey('x')).catch(() => undefined), { timeout: ampleMs })
      .toBeDefined();
    expect((await server.hookSets.resolve('a', 'x', ampleMs)).set?.text).toBe('known');
  });

  test('nothing is said of a set that was not there then, nor of a tenant that was not read', async () => {
    const { hookSets } = await rig.server();
    await hookSets.put(setKey('x'), setContent(), {});
    await hookSets.list('a');
    await frozen(async () => {
      await expect(hookSets.resolve('a', 'y', 100)).rejects.toMatchObject(unavailable);
      await expect(hookSets.resolve('b', 'x', 100)).rejects.toMatchObject(unavailable);
    });
  });

  test('writes, reads of an administrator, threads and records are refused', async () => {
    const { hookSets, threads, evaluations } = await rig.server();
    await hookSets.put(setKey('x'), setContent(), {});
    await hookSets.list('a');
    await threads.switchOn('a', 't', 'guard');
    await frozen(async () => {
      const asked = [
        hookSets.put(setKey('x'), setContent(), {}),
        hookSets.delete(setKey('x'), {}),
        hookSets.get(setKey('x')),
        hookSets.list('a'),
        threads.active('a', 't', 100),
        threads.active('a', 't'),
        threads.switchOn('a', 't', 'y'),
        threads.switchOff('a', 't', 'guard'),
        evaluations.get('a', 'e', 100),
        evaluations.put(evaluation('e')),
      ];
      for (const one of await Promise.allSettled(asked))
        expect(one).toMatchObject({ status: 'rejected', reason: unavailable });
    });
  });
});

test('an event has its answer by its deadline while Redis is frozen', async () => {
  const { app } = appUnderTest(await rig.server());
  await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/x',
    payload: { hooks: stopHook('exit 2') },
  });
  const ask = async (more: object) => {
    let inTime = true;
    // On a busy machine this timer is as late as those of the server.
    const timer = setTimeout(() => {
      inTime = false;
    }, 900);
    const payload = { context: stopContext, hookset: 'x', deadlineMs: 900, ...more };
    const { statusCode } = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    clearTimeout(timer);
    return [statusCode, inTime];
  };
  expect(await ask({})).toEqual([200, true]);
  await frozen(async () => {
    const more = [{}, { evaluationId: 'one' }, { thread: 't' }, { hookset: 'y' }];
    const answers = await Promise.all(more.map(ask));
    expect(answers).toEqual([
      [200, true],
      [200, true],
      [503, true],
      [503, true],
    ]);
  });
  await app.close();
});

test('records do not pile up in a process whose Redis takes none', async () => {
  const { evaluations } = await rig.server();
  await frozen(async () => {
    const puts = Array.from({ length: 40 }, (_, n) =>
      evaluations.put(evaluation(`e${n}`, { requestSha256: 'x'.repeat(1_000_000) })),
    );
    const reasons = (await Promise.allSettled(puts)).map((put) =>
      put.status === 'rejected' ? String(put.reason) : 'stored',
    );
    // All 40 are of one tenant, which may have half of the 32 MiB that wait.
    expect(reasons.filter((reason) => reason.includes('fast enough')).length).toBeGreaterThan(20);
    expect(reasons.filter((reason) => reason.includes('timed out')).length).toBeGreaterThan(10);
  });
  await evaluations.put(evaluation('later'));
});

test('an error does not carry the command, which has scripts and contexts in it', async () => {
  const { hookSets } = await rig.server();
  const put = () =>
    hookSets.put(setKey('x'), setContent('the-secret'), {}).catch((thrown: Error) => thrown);
  const error = await full(put);
  expect(error).toMatchObject({ ...unavailable, message: expect.stringContaining('OOM') });
  expect(inspect(error, { depth: Infinity })).not.toContain('the-secret');
});

test('a full Redis refuses what is new, but reads, renews and removes', async () => {
  const { hookSets, threads, evaluations } = await rig.server();
  for (const name of ['x', 'y', 'z']) await hookSets.put(setKey(name), setContent(), {});
  await threads.switchOn('a', 't', 'guard');
  await rig.redis.use(async (client) => {
    for (const name of await client.keys('*thread*')) await client.pexpire(name, 86_400_000);
  });
  await full(async () => {
    await expect(hookSets.put(setKey('w'), setContent(), {})).rejects.toMatchObject(unavailable);
    await expect(threads.switchOn('a', 'u', 'guard')).rejects.toMatchObject(unavailable);
    await expect(evaluations.put(evaluation('e'))).rejects.toMatchObject(unavailable);
    expect(await threads.active('a', 't')).toEqual(['guard']);
    expect([await hookSets.delete(setKey('x'), {}), (await hookSets.list('a')).length]).toEqual([
      'deleted',
      2,
    ]);
    await threads.switchOff('a', 't', 'guard');
    expect(await threads.active('a', 't')).toEqual([]);
  });
});

test('a Redis that came back empty has no sets, and gives no tag of before', async () => {
  const own = new StoreRig(await TestRedis.start());
  try {
    const { hookSets, threads } = await own.server();
    const first = storedBy(await hookSets.put(setKey('x'), setContent(), {}));
    expect((await hookSets.resolve('a', 'x', ampleMs)).set).toEqual(first);
    await own.redis.kill();
    await expect(hookSets.put(setKey('x'), setContent(), {})).rejects.toMatchObject(unavailable);
    await expect(threads.active('a', 't')).rejects.toMatchObject(unavailable);
    expect((await hookSets.resolve('a', 'x', ampleMs)).set).toEqual(first);
    await own.redis.start();
    await expect
      .poll(() => hookSets.list('a').catch(() => 'away'), { timeout: ampleMs })
      .toEqual([]);
    expect(await hookSets.resolve('a', 'x', ampleMs)).toEqual({ set: undefined, globals: [] });
    const second = storedBy(await hookSets.put(setKey('x'), setContent(), {}));
    expect([second.version, second.etag === first.etag]).toEqual([1, false]);
    expect(await hookSets.get(setKey('x'))).toEqual(second);
  } finally {
    await own.clear().catch(() => undefined);
    await own.redis.kill();
  }
});
