/** Places and rests of judges that several outbound workers share. Needs redis-server. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { restRule } from '../../src/outbound/judges/circuit.ts';
import type { SharedPlaces } from '../../src/outbound/judges/shared-place.ts';
import { judgePlacesKey, judgeRestKey } from '../../src/redis/keys.ts';
import { RedisJudgePlaces } from '../../src/redis-stores/judge-places.ts';
import { TestRedis } from '../support/redis.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await TestRedis.start();
});
beforeEach(() => redis.use((client) => client.flushall()));
afterAll(() => redis.remove());

const most = { all: 3, tenant: 2 };
type Workers = readonly [SharedPlaces, SharedPlaces];

/** Two workers, each with a connection of its own. */
const withTwo = <T>(work: (...workers: Workers) => Promise<T>, leaseMs = 10_000): Promise<T> =>
  redis.use((a) =>
    redis.use((b) => {
      const of = (client: typeof a) => new RedisJudgePlaces({ redis: client, queue: 'q', leaseMs });
      return work(of(a), of(b));
    }),
  );

test('all workers together ask a judge no more than it takes, and a tenant its part of it', () =>
  withTwo(async (a, b) => {
    const first = await a.take('j', 'acme', most);
    await b.take('j', 'acme', most);
    expect((await a.take('j', 'acme', most)).release).toBeUndefined();
    const other = await b.take('j', 'other', most);
    expect((await b.take('j', 'third', most)).release).toBeUndefined();
    expect((await b.take('k', 'third', most)).release).toBeDefined();
    first.release?.();
    await vi.waitFor(async () => expect((await b.take('j', 'third', most)).release).toBeDefined());
    expect((await a.take('j', 'other', most)).release).toBeUndefined();
    other.release?.();
  }));

test('places of a dead worker are free again, and those of a living one are not', () =>
  withTwo(async (a, b) => {
    await redis.use(async (client) => {
      const dead = new RedisJudgePlaces({ redis: client, queue: 'q', leaseMs: 150 });
      await dead.take('j', 'acme', { all: 2, tenant: 2 });
    });
    const held = await a.take('j', 'acme', { all: 2, tenant: 2 });
    expect((await b.take('j', 'acme', { all: 2, tenant: 2 })).release).toBeUndefined();
    await vi.waitFor(async () =>
      expect((await b.take('j', 'acme', { all: 2, tenant: 2 })).release).toBeDefined(),
    );
    // The first place of the living worker is older than its life by now, and renewed.
    expect((await b.take('j', 'acme', { all: 2, tenant: 2 })).release).toBeUndefined();
    held.release?.();
  }, 150));

test('a judge rests for a tenant whose questions fail at all workers, and for no other', () =>
  withTwo(async (a, b) => {
    const rests: number[] = [];
    for (let n = 0; n < 7; n++) rests.push(await (n % 2 ? a : b).failed('j', 'acme', restRule));
    // Those that were on their way when it began do not make it longer.
    expect(rests).toEqual([0, 0, 0, 0, 1_000, 0, 0]);
    const { release, restMs, failures } = await b.take('j', 'acme', most);
    expect([release, failures]).toEqual([undefined, 7]);
    expect(restMs).toBeGreaterThan(500);
    expect(restMs).toBeLessThanOrEqual(1_000);
    expect(await b.take('j', 'other', most)).toMatchObject({ restMs: 0, failures: 0 });
    await redis.use((client) => client.hset(judgeRestKey('q', 'j', 'acme'), 'until', '1'));
    expect(await a.failed('j', 'acme', restRule)).toBe(2_000);
    a.answered('j', 'acme');
    await vi.waitFor(async () =>
      expect(await b.take('j', 'acme', most)).toMatchObject({ restMs: 0, failures: 0 }),
    );
  }));

test('a judge that rests for all is asked for nobody', () =>
  withTwo(async (a, b) => {
    a.rest('j', 5_000);
    await vi.waitFor(async () => {
      const { release, restMs } = await b.take('j', 'acme', most);
      expect(release).toBeUndefined();
      expect(restMs).toBeGreaterThan(4_000);
    });
  }));

test('nothing stays in Redis when nobody asks any more', () =>
  withTwo(async (a) => {
    await a.take('j', 'acme', most);
    await a.failed('j', 'acme', restRule);
    await redis.use(async (client) => {
      const keys = await client.keys('*');
      expect(keys.toSorted()).toEqual(
        [
          judgePlacesKey('q', 'j'),
          judgePlacesKey('q', 'j', 'acme'),
          judgeRestKey('q', 'j', 'acme'),
        ].toSorted(),
      );
      for (const key of keys) {
        const left = await client.pttl(key);
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(600_000);
      }
    });
  }));

test('calls reject without Redis', async () => {
  await redis.use(async (client) => {
    const places = new RedisJudgePlaces({ redis: client, queue: 'q' });
    client.disconnect();
    await expect(places.take('j', 'acme', most)).rejects.toThrow();
    await expect(places.failed('j', 'acme', restRule)).rejects.toThrow();
    places.answered('j', 'acme');
    places.rest('j', 1);
  });
});
