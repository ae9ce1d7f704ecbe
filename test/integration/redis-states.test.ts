/** The states of hooks in Redis. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { hashOf, stateBytesKey, statesKey, stateTimesKey } from '../../src/redis/keys.ts';
import { TestRedis } from '../support/redis.ts';
import { packOf } from '../support/state-packs.ts';
import { StoreRig } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const key = { tenant: 't', session: 's', name: 'n' };
const of = (session: string) => ({ ...key, session });
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const pack = packOf([{ path: 'bytes', content: everyByte }]);
const sized = (bytes: number) => packOf([{ path: 'x', content: Buffer.alloc(bytes - 17) }]);

test('a state is the same on every server, byte for byte, until it is empty', async () => {
  const [one, other] = [await rig.server(), await rig.server()];
  expect(await other.states.get(key)).toBeUndefined();
  await one.states.put(key, pack);
  expect(await other.states.get(key)).toEqual(pack);
  for (const another of [{ tenant: 'x' }, { session: 'x' }, { name: 'x' }])
    expect(await other.states.get({ ...key, ...another })).toBeUndefined();
  await other.states.put(key, sized(262_144));
  expect(await one.states.get(key)).toHaveLength(262_144);
  await other.states.put(key, new Uint8Array(0));
  expect(await one.states.get(key)).toBeUndefined();
  expect(await rig.redis.use((client) => client.keys('*'))).toEqual([]);
});

test('a tenant has a number and a sum of bytes; its oldest states are removed', async () => {
  const { states } = await rig.server({ states: 3, stateBytes: 1_000 });
  const kept = async () => {
    const found = await Promise.all(['1', '2', '3', '4', '5'].map((one) => states.get(of(one))));
    return found.map((state) => state?.length ?? 0);
  };
  await states.put({ ...key, tenant: 'other' }, sized(999));
  for (const session of ['1', '2', '3', '4']) await states.put(of(session), sized(100));
  expect(await kept()).toEqual([0, 100, 100, 100, 0]);
  await states.put(of('2'), sized(200));
  await states.put(of('5'), sized(50));
  expect(await kept()).toEqual([0, 200, 0, 100, 50]);
  await states.put(of('1'), sized(850));
  expect(await kept()).toEqual([850, 0, 0, 0, 50]);
  expect(await rig.redis.use((client) => client.get(stateBytesKey('hooks', 't')))).toBe('900');
  expect(await states.get({ ...key, tenant: 'other' })).toHaveLength(999);
});

test('a state ends some time after its last change, and all of them with the last', async () => {
  const { states } = await rig.server();
  await states.put(key, pack);
  await states.put(of('old'), pack);
  await rig.redis.use(async (client) => {
    const before = Date.now() - 8 * 86_400_000;
    await client.zadd(stateTimesKey('hooks', 't'), before, hashOf('old', 'n'));
  });
  expect(await states.get(of('old'))).toBeUndefined();
  expect(await states.get(key)).toEqual(pack);
  await states.put(key, pack);
  await rig.redis.use(async (client) => {
    expect(await client.hlen(statesKey('hooks', 't'))).toBe(1);
    for (const keyOf of [statesKey, stateTimesKey, stateBytesKey])
      expect(await client.ttl(keyOf('hooks', 't'))).toBeGreaterThan(6 * 86_400);
  });
});

test('a damaged state is told, removed, and empty from then on', async () => {
  const server = await rig.server();
  await server.states.put(key, pack);
  const field = hashOf('s', 'n');
  await rig.redis.use((client) => client.hset(statesKey('hooks', 't'), field, 'damaged'));
  await expect(server.states.get(key)).rejects.toThrow('it was damaged');
  expect(server.warnings).toEqual([expect.stringContaining('has a broken entry')]);
  expect(await server.states.get(key)).toBeUndefined();
});

test('counts that are no numbers, and keys of another kind, cost a state and no more', async () => {
  const { states } = await rig.server();
  const set = (name: string, value: string) => rig.redis.use((client) => client.set(name, value));
  for (const value of ['nan', '1e99', '-5', 'x']) {
    await set(stateBytesKey('hooks', 't'), value);
    await states.put(key, pack);
    expect(await states.get(key)).toEqual(pack);
  }
  await set(statesKey('hooks', 't'), 'x');
  await expect(states.get(key)).rejects.toThrow();
  await expect(states.put(key, pack)).rejects.toThrow();
});
