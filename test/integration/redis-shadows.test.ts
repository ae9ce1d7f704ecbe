/** The counts of shadow hooks in Redis. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { shadowsKey, shadowTimesKey } from '../../src/redis/keys.ts';
import { shadowKey } from '../../src/server/shadow-counts.ts';
import { TestRedis } from '../support/redis.ts';
import { StoreRig } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const hook = { hookset: 'h', event: 'Stop', hook: 'a', actionSha256: 'x' };
const of = (name: string) => ({ ...hook, hook: name });
const times = { firstAt: expect.any(String), lastAt: expect.any(String) };
const counts = (key: string) => `${shadowKey(of(key))}`;

test('two servers count one hook together, by tenant and hook set', async () => {
  const [one, other] = [(await rig.server()).shadows, (await rig.server()).shadows];
  expect(await other.list('t', 'h')).toEqual([]);
  await Promise.all([one, other, one].map((store) => store.add('t', hook, 'agreed')));
  await one.add('t', hook, 'failed');
  await one.add('t', { ...hook, event: 'PreToolUse' }, 'stricter');
  await one.add('t', { ...hook, hookset: 'i' }, 'milder');
  await one.add('other', hook, 'milder');
  expect(await other.list('t', 'h')).toEqual([
    { ...hook, event: 'PreToolUse', agreed: 0, stricter: 1, milder: 0, failed: 0, ...times },
    { ...hook, agreed: 3, stricter: 0, milder: 0, failed: 1, ...times },
  ]);
  const [, found] = await other.list('t', 'h');
  expect(Date.parse(String(found?.firstAt))).toBeLessThanOrEqual(Date.parse(String(found?.lastAt)));
  expect(Math.abs(Date.parse(String(found?.lastAt)) - Date.now())).toBeLessThan(60_000);
});

test('a tenant has a number of hooks; those that have not run for longest are removed whole', async () => {
  const { shadows } = await rig.server({ shadows: 2 });
  await shadows.add('other', hook, 'agreed');
  for (const name of ['a', 'b', 'c']) {
    await shadows.add('t', of(name), 'agreed');
    // Scores are milliseconds: the order of two in one is that of their keys.
    await rig.redis.use((client) =>
      client.zadd(shadowTimesKey('hooks', 't'), 'XX', Date.now() - 1_000, counts(name)),
    );
  }
  expect((await shadows.list('t', 'h')).map((one) => one.hook)).toHaveLength(2);
  const fields = await rig.redis.use((client) => client.hkeys(shadowsKey('hooks', 't')));
  expect(fields).toHaveLength(2 * 3);
  expect(await shadows.list('other', 'h')).toHaveLength(1);
});

test('a hook that has not run for a month is not told, and is removed with the next count', async () => {
  const { shadows } = await rig.server();
  await shadows.add('t', of('old'), 'agreed');
  await rig.redis.use((client) =>
    client.zadd(shadowTimesKey('hooks', 't'), Date.now() - 31 * 86_400_000, counts('old')),
  );
  expect(await shadows.list('t', 'h')).toEqual([]);
  await shadows.add('t', of('new'), 'agreed');
  const kept = await rig.redis.use((client) => client.hkeys(shadowsKey('hooks', 't')));
  expect(kept.filter((field) => field.startsWith(counts('old')))).toEqual([]);
  for (const key of [shadowsKey('hooks', 't'), shadowTimesKey('hooks', 't')])
    expect(await rig.redis.use((client) => client.pttl(key))).toBeGreaterThan(29 * 86_400_000);
});

test('what somebody has damaged is left out, or counted anew', async () => {
  const { shadows } = await rig.server();
  for (const name of ['a', 'b', 'c']) await shadows.add('t', of(name), 'agreed');
  await rig.redis.use((client) =>
    client.hset(shadowsKey('hooks', 't'), {
      [counts('a')]: '{',
      [counts('b')]: '{"hookset":"h"}',
      [`${counts('c')}:agreed`]: 'x',
    }),
  );
  expect(await shadows.list('t', 'h')).toMatchObject([{ hook: 'c', agreed: 0 }]);
  await shadows.add('t', of('c'), 'agreed');
  expect(await shadows.list('t', 'h')).toMatchObject([{ hook: 'c', agreed: 1 }]);
});

test('a key of another type is a fault with its name', async () => {
  const { shadows } = await rig.server();
  await rig.redis.use((client) => client.set(shadowsKey('hooks', 't'), 'x'));
  const fault = { code: 'STORE_CORRUPT', message: expect.stringContaining('tenant t') };
  await expect(shadows.list('t', 'h')).rejects.toMatchObject(fault);
  await expect(shadows.add('t', hook, 'agreed')).rejects.toMatchObject(fault);
});
