/** Verdicts of judges that several outbound workers share. Needs redis-server. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { RedisClient } from '../../src/redis/connection.ts';
import { verdictKey, verdictsKey } from '../../src/redis/keys.ts';
import { RedisVerdicts } from '../../src/redis-stores/verdicts.ts';
import { TestRedis } from '../support/redis.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await TestRedis.start();
});
beforeEach(() => redis.use((client) => client.flushall()));
afterAll(() => redis.remove());

const kept = (cache: RedisVerdicts, key: string) =>
  vi.waitFor(async () => expect(await cache.get(key)).toBeDefined());

test('a verdict that one worker has kept is the answer at another one, for its tenant and time', () =>
  redis.use(async (client) => {
    const [a, b] = [1, 2].map(() => new RedisVerdicts({ redis: client, queue: 'q' }));
    a?.set('acme:d1', '{"ok":true}', 60);
    await vi.waitFor(async () => expect(await b?.get('acme:d1')).toBe('{"ok":true}'));
    expect(await b?.get('other:d1')).toBeUndefined();
    const other = new RedisVerdicts({ redis: client, queue: 'r' });
    expect(await other.get('acme:d1')).toBeUndefined();
    const left = await client.pttl(verdictKey('q', 'acme', 'd1'));
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    // Nothing stays behind when the last verdict has expired.
    expect(await client.pttl(verdictsKey('q', 'acme'))).toBeLessThanOrEqual(60_000);
  }));

test('of too many verdicts those that expire first go, of the tenant and of all', () =>
  redis.use(async (client) => {
    const cache = new RedisVerdicts({ redis: client, queue: 'q', most: { tenant: 2, all: 3 } });
    for (const [key, seconds] of [
      ['a:1', 50],
      ['a:2', 90],
      ['a:3', 80],
    ] as const) {
      cache.set(key, 't', seconds);
      await kept(cache, key);
    }
    expect(await cache.get('a:1')).toBeUndefined();
    for (const key of ['b:1', 'c:1']) {
      cache.set(key, 't', 100);
      await kept(cache, key);
    }
    expect(await cache.get('a:3')).toBeUndefined();
    expect(await cache.get('a:2')).toBe('t');
  }));

test('an index of another kind keeps nobody from keeping verdicts', () =>
  redis.use(async (client) => {
    await client.set(verdictsKey('q', 'a'), 'x');
    const cache = new RedisVerdicts({ redis: client, queue: 'q' });
    cache.set('a:1', 't', 9);
    await kept(cache, 'a:1');
  }));

test('an answer that is too long is not kept, and without Redis there is none', async () => {
  const calls: unknown[] = [];
  const dead = {
    get: () => new Promise(() => {}),
    eval: (...args: unknown[]) => {
      calls.push(args);
      return Promise.reject(new Error('away'));
    },
  };
  const cache = new RedisVerdicts({ redis: dead as unknown as RedisClient, queue: 'q' });
  cache.set('a:1', 'x'.repeat(8_193), 9);
  expect(calls).toEqual([]);
  cache.set('a:1', 'x'.repeat(8_192), 9);
  expect(calls).toHaveLength(1);
  const started = performance.now();
  expect(await cache.get('a:1')).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
});
