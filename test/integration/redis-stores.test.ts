/** What only the stores in Redis promise: several servers, bounds that hold, keys that end. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestRedis } from '../support/redis.ts';
import {
  evaluation,
  StoreRig,
  type StoresOfOneServer,
  setContent,
  setKey,
} from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

/** More than a test of a Redis that does not answer wants to wait. */
const ampleMs = 5_000;
const dayMs = 86_400_000;

/** Keys with the milliseconds that they have left; -1: for ever. */
async function lives(): Promise<Map<string, number>> {
  return rig.redis.use(async (client) => {
    const keys = (await client.keys('*')).toSorted();
    return new Map(
      await Promise.all(
        keys.map(
          async (key) => [key.replace(/[\w-]{43}$/, 'HASH'), await client.pttl(key)] as const,
        ),
      ),
    );
  });
}

describe('two servers', () => {
  test('see what the other one stored, changed and removed, at once', async () => {
    const [one, other] = [await rig.server(), await rig.server()];
    const text = async ({ hookSets }: StoresOfOneServer) =>
      (await hookSets.resolve('a', 'x', ampleMs)).set?.text;
    for (const change of ['first', 'second']) {
      await one.hookSets.put(setKey('x'), setContent(change), {});
      expect([await text(other), await text(one)]).toEqual([change, change]);
    }
    await other.hookSets.put(setKey('g', { scope: 'global' }), setContent('global'), {});
    expect((await one.hookSets.resolve('a', 'x', ampleMs)).globals).toMatchObject([
      { text: 'global' },
    ]);
    await other.hookSets.delete(setKey('x'), {});
    expect([await text(one), await text(other)]).toEqual([undefined, undefined]);
    await other.threads.switchOn('a', 't', 'guard');
    expect(await one.threads.active('a', 't')).toEqual(['guard']);
    const kept = evaluation('e');
    await one.evaluations.put(kept);
    expect(await other.evaluations.get('a', 'e')).toEqual(kept);
    const key = { tenant: 'a', session: 's', name: 'n' };
    await one.counters.add(key);
    expect([await other.counters.get(key), await other.counters.add(key)]).toEqual([1, 2]);
  });

  test('of 50 changes at once with the same condition one wins', async () => {
    const servers = await Promise.all(Array.from({ length: 5 }, () => rig.server()));
    const race = (condition: object) =>
      Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          servers[n % 5]?.hookSets.put(setKey('x'), setContent(`${n}`), condition),
        ),
      ).then((outcomes) =>
        outcomes.flatMap((outcome) => (outcome?.kind === 'stored' ? [outcome.stored] : [])),
      );
    const [created, ...others] = await race({ ifAbsent: true });
    const [changed, ...more] = await race({ ifMatch: [created?.etag] });
    expect([others, more, created?.version, changed?.version]).toEqual([[], [], 1, 2]);
    expect(await servers[0]?.hookSets.get(setKey('x'))).toEqual(changed);
  });

  test('of different queues share nothing', async () => {
    const [one, other] = [await rig.server(), await rig.server({}, 'staging')];
    await one.hookSets.put(setKey('x'), setContent(), {});
    await one.threads.switchOn('a', 't', 'guard');
    await one.evaluations.put(evaluation('e'));
    expect(await other.hookSets.list('a')).toEqual([]);
    expect([await other.threads.active('a', 't'), await other.evaluations.get('a', 'e')]).toEqual([
      [],
      undefined,
    ]);
  });
});

test('a read of sets that have not changed is one small command, also for many who ask at once', async () => {
  const { hookSets } = await rig.server();
  await hookSets.put(setKey('x'), setContent('y'.repeat(100_000)), {});
  await hookSets.resolve('a', 'x', ampleMs);
  const stat = async (name: string) =>
    rig.redis.use(async (client) =>
      Number(
        new RegExp(`^${name}:(?:calls=)?(\\d+)`, 'm').exec(await client.info('all'))?.[1] ?? 0,
      ),
    );
  const before = [
    await stat('cmdstat_eval'),
    await stat('cmdstat_hgetall'),
    await stat('total_net_output_bytes'),
  ];
  const found = await Promise.all(
    Array.from({ length: 100 }, () => hookSets.resolve('a', 'x', ampleMs)),
  );
  const after = [
    await stat('cmdstat_eval'),
    await stat('cmdstat_hgetall'),
    await stat('total_net_output_bytes'),
  ];
  expect(found.every(({ set }) => set?.text.length === 100_000)).toBe(true);
  expect(after.map((value, n) => value - (before[n] ?? 0)).slice(0, 2)).toEqual([2, 0]);
  // Most of it is what INFO says here.
  expect((after[2] ?? 0) - (before[2] ?? 0)).toBeLessThan(60_000);
});

test('everything but hook sets ends by itself, and every key is in one slot of a cluster', async () => {
  const { hookSets, threads, evaluations, counters, states } = await rig.server();
  await hookSets.put(setKey('x'), setContent(), {});
  await threads.switchOn('a', 't', 'guard');
  await states.put({ tenant: 'a', session: 's', name: 'n' }, Buffer.from('state'));
  await evaluations.put(evaluation('e'));
  await counters.add({ tenant: 'a', session: 's', name: 'n' });
  const left = await lives();
  expect([...left.keys()]).toEqual([
    '{hookpool}:hooks:counter-times:HASH',
    '{hookpool}:hooks:counters:HASH',
    '{hookpool}:hooks:evaluation-bytes:HASH',
    '{hookpool}:hooks:evaluation-summaries:HASH',
    '{hookpool}:hooks:evaluation-tenants-by-bytes',
    '{hookpool}:hooks:evaluation-tenants-by-count',
    '{hookpool}:hooks:evaluation-totals',
    '{hookpool}:hooks:evaluation:HASH',
    '{hookpool}:hooks:evaluations:HASH',
    '{hookpool}:hooks:hooksets:HASH',
    '{hookpool}:hooks:state-bytes:HASH',
    '{hookpool}:hooks:state-times:HASH',
    '{hookpool}:hooks:states:HASH',
    '{hookpool}:hooks:thread-switches:HASH',
    '{hookpool}:hooks:thread:HASH',
    '{hookpool}:hooks:threads:HASH',
  ]);
  const days = [...left.values()].map((ms) =>
    ms < 0 ? ms : Math.round((ms / dayMs) * 1_000) / 1_000,
  );
  expect(days).toEqual([30, 30, ...Array(7).fill(0.042), -1, 7, 7, 7, 366, 366, 366]);
});

test('what was switched off and removed leaves no key', async () => {
  const { hookSets, threads, counters } = await rig.server();
  const key = { tenant: 'a', session: 's', name: 'n' };
  await counters.add(key);
  await counters.clear(key);
  await hookSets.put(setKey('x'), setContent(), {});
  await hookSets.delete(setKey('x'), {});
  await threads.switchOn('a', 't', 'guard');
  await threads.switchOff('a', 't', 'guard');
  expect([...(await lives()).keys()]).toEqual([]);
});

describe('a thread', () => {
  const expire = (key: RegExp, ms: number) =>
    rig.redis.use(async (client) => {
      for (const name of await client.keys('*')) if (key.test(name)) await client.pexpire(name, ms);
    });

  test('that is in use does not end', async () => {
    const { threads } = await rig.server();
    await threads.switchOn('a', 't', 'guard');
    await expire(/thread/, 300 * dayMs);
    await threads.active('a', 't');
    for (const ms of (await lives()).values()) expect(ms / dayMs).toBeCloseTo(366, 2);
  });

  test('that is in use is written once a day', async () => {
    const { threads } = await rig.server();
    await threads.switchOn('a', 't', 'guard');
    await expire(/thread/, 365.5 * dayMs);
    await threads.active('a', 't');
    for (const ms of (await lives()).values()) expect(ms / dayMs).toBeCloseTo(365.5, 2);
  });

  test('that has ended makes room for another', async () => {
    const { threads } = await rig.server({ threads: 1 });
    await threads.switchOn('a', 't', 'guard');
    expect(await threads.switchOn('a', 'u', 'guard')).toBe('full');
    // As it is a year later: the thread is gone, its line in the index is old.
    await rig.redis.use(async (client) => {
      for (const key of await client.keys('*:thread:*')) {
        await client.del(key);
        await client.zadd((await client.keys('*:threads:*'))[0] ?? '', Date.now() - 1, key);
      }
    });
    expect([
      await threads.switchOn('a', 'u', 'guard'),
      await threads.switchOn('a', 't', 'guard'),
    ]).toEqual(['on', 'full']);
  });
});
