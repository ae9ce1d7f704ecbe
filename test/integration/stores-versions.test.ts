/** What every store promises of the versions of hook sets, in memory and in Redis. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StoredHookSet } from '../../src/server/stores.ts';
import { TestRedis } from '../support/redis.ts';
import { StoreRig, storeKinds } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const key = { tenant: 'a', scope: 'named', name: 'guard' } as const;
const version = (number: number, more: Partial<StoredHookSet> = {}): StoredHookSet => ({
  ...key,
  ...{ version: number, etag: `"${number}"`, storedAt: `at ${number}`, text: `text\n${number}` },
  ...{ sha256: 'x', contentType: 'application/yaml', format: 'hookpool', dialect: 'azure' },
  ...{ hookCount: 1, by: 'Ada' },
  ...more,
});

describe.each(storeKinds(() => rig))('versions in %s', (_, open) => {
  test('are the last 20 of a set, listed without their texts', async () => {
    const { versions } = await open();
    for (let n = 1; n <= 23; n++) await versions.keep(version(n));
    const listed = await versions.list(key, 23);
    expect(listed.map((one) => one.version)).toEqual(Array.from({ length: 20 }, (_v, n) => 23 - n));
    const { text, ...rest } = version(23);
    expect(listed[0]).toEqual({ ...rest, bytes: text.length });
    expect(await versions.get(key, 23)).toEqual(version(23));
    expect(await versions.get(key, 3)).toBeUndefined();
  });

  test('are of one set of one tenant, and gone when they are forgotten', async () => {
    const { versions } = await open();
    await versions.keep(version(1));
    await versions.keep(version(1, { name: 'other' }));
    await versions.keep(version(1, { tenant: 'b' }));
    await versions.forget(key, 1);
    expect(await versions.list(key, 1)).toEqual([]);
    expect(await versions.get({ ...key, name: 'other' }, 1)).toBeDefined();
    expect(await versions.get({ ...key, tenant: 'b' }, 1)).toBeDefined();
  });

  test('have so many bytes at most: the oldest go', async () => {
    const { versions } = await open({ versionBytes: 10_000 });
    for (let n = 1; n <= 3; n++) await versions.keep(version(n, { text: 'x'.repeat(4_000) }));
    expect((await versions.list(key, 3)).map((one) => one.version)).toEqual([3, 2]);
  });
});

test('a version in Redis that cannot be read is left out', async () => {
  const { versions } = await rig.server();
  for (const n of [1, 2]) await versions.keep(version(n));
  await rig.redis.use(async (client) => {
    const [found = ''] = await client.keys('*:versions:*');
    await client.hset(found, 'named:guard\n2', 'broken');
  });
  expect((await versions.list(key, 2)).map((one) => one.version)).toEqual([1]);
  expect(await versions.get(key, 2)).toBeUndefined();
});
