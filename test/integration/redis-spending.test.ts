/** What tenants spend on judges, counted in Redis by several outbound workers. Needs redis-server. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SharedSpending } from '../../src/outbound/judges/spending.ts';
import { spentKey } from '../../src/redis/keys.ts';
import { RedisSpending } from '../../src/redis-stores/spending.ts';
import { TestRedis } from '../support/redis.ts';

const day = 20_000;
let redis: TestRedis;

beforeAll(async () => {
  redis = await TestRedis.start();
});
beforeEach(() => redis.use((client) => client.flushall()));
afterAll(() => redis.remove());

/** Two workers with the same limits. @param on the day of both. */
const withTwo = <T>(
  limits: { tokensPerDay?: number; callsPerMinute?: number },
  work: (a: SharedSpending, b: SharedSpending, counts: RedisSpending) => Promise<T>,
  on = day,
): Promise<T> =>
  redis.use((client) => {
    const counts = () =>
      new RedisSpending({ redis: client, queue: 'q', now: () => on * 86_400_000 });
    const worker = () => new SharedSpending(limits, counts());
    return work(worker(), worker(), counts());
  });

test('the tokens of a tenant are counted by all workers together, and settled', async () => {
  await withTwo({ tokensPerDay: 100 }, async (a, b, counts) => {
    const taken = await a.reserve('acme', 60);
    expect(taken.refused).toBeUndefined();
    expect((await b.reserve('acme', 60)).refused).toBe(
      'The tenant acme has spent 60 of 100 tokens of this day, and this question may take 60.',
    );
    expect((await b.reserve('other', 60)).refused).toBeUndefined();
    taken.settle(10);
    await counts.add('acme', 0);
    expect((await b.reserve('acme', 60)).refused).toBeUndefined();
  });
  await withTwo(
    { tokensPerDay: 100 },
    async (a) => expect((await a.reserve('acme', 100)).refused).toBeUndefined(),
    day + 1,
  );
});

test('the calls of a minute are counted by all workers together', async () => {
  await withTwo({ callsPerMinute: 2 }, async (a, b) => {
    // The minute may end once between two calls: then there are two more.
    const answers: (string | undefined)[] = [];
    for (let turn = 0; turn < 5; turn++)
      answers.push((await (turn % 2 ? a : b).reserve('acme', 1)).refused);
    expect(answers).toContain(
      'The tenant acme has asked judges 2 times in this minute, which is the most.',
    );
  });
});

test('what is given back is never less than nothing, and a text that is no number counts as none', async () => {
  await withTwo({ tokensPerDay: 10 }, async (a, _, counts) => {
    await counts.add('acme', -50);
    expect((await a.reserve('acme', 11)).refused).toContain('has spent 0 of 10');
    await redis.use((client) => client.hset(spentKey('q', 'acme', day), 'tokens', 'nan'));
    expect((await a.reserve('acme', 10)).refused).toBeUndefined();
  });
});

test('what was reserved on one day is not given back on the next', async () => {
  await redis.use(async (client) => {
    let now = day * 86_400_000;
    const counts = new RedisSpending({ redis: client, queue: 'q', now: () => now });
    const spending = new SharedSpending({ tokensPerDay: 100 }, counts, () => now);
    const yesterday = await spending.reserve('acme', 60);
    now += 86_400_000;
    const today = await spending.reserve('acme', 60);
    yesterday.settle(1);
    today.settle(50);
    await counts.add('acme', 0);
    expect((await spending.reserve('acme', 51)).refused).toContain('spent 50 of 100');
  });
});

test('the counts of a day are gone two days later', async () => {
  await withTwo({}, (a) => a.reserve('acme', 5));
  const left = await redis.use((client) => client.pttl(spentKey('q', 'acme', day)));
  expect(left).toBeGreaterThan(86_400_000);
  expect(left).toBeLessThanOrEqual(2 * 86_400_000);
});

test('without an answer of Redis nothing is counted, and settling fails nobody', async () => {
  const dead = {
    take: () => Promise.reject(new Error('x')),
    add: () => Promise.reject(new Error('x')),
  };
  const spending = new SharedSpending({ tokensPerDay: 1 }, dead);
  await expect(spending.reserve('acme', 5)).rejects.toThrow('x');
  spending.add('acme', 1);
});
