/** What people are told of workers and quarantine, from a real Redis. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCrew, release } from '../../src/queue/crew.ts';
import { beat } from '../../src/queue/heartbeat.ts';
import { connect, type RedisClient, untilReady } from '../../src/redis/connection.ts';
import { quarantineKey, recordKey, workerKey, workersKey } from '../../src/redis/keys.ts';
import { TestRedis } from '../support/redis.ts';

let server: TestRedis;
let redis: RedisClient;
beforeAll(async () => {
  server = await TestRedis.start();
  redis = connect(server.settings, 'producer', () => undefined);
  await untilReady(redis, 5_000);
});
afterAll(async () => {
  redis.disconnect();
  await server.kill();
});

test('workers are told with their slots, also those of another version', async () => {
  await beat(redis, 'q', 'one', { capacity: 4, running: 1, meanJobMs: 2 });
  await redis.sadd(workersKey('q'), 'odd');
  await redis.set(workerKey('q', 'odd'), 'no JSON', 'PX', 5_000);
  const { workers } = await readCrew(redis, 'q');
  expect(workers).toEqual([
    { name: 'one', capacity: 4, running: 1, meanJobMs: 2, stuckMs: 0, readable: true },
    { name: 'odd', capacity: 0, running: 0, meanJobMs: 0, readable: false },
  ]);
});

test('a script in quarantine is told and released, and a broken record disturbs nothing', async () => {
  const until = Date.now() + 60_000;
  await redis.zadd(quarantineKey('q'), until, 'bad', until, 'broken', 1, 'over');
  await redis.hset(recordKey('q', 'bad'), 'kind', 'worker', 'proofs', 2);
  await redis.set(recordKey('q', 'broken'), 'x');
  const told = async () => (await readCrew(redis, 'q')).quarantine;
  const end = new Date(until).toISOString();
  expect(await told()).toEqual([
    { hash: 'broken', until: end, kind: '', proofs: 0 },
    { hash: 'bad', until: end, kind: 'worker', proofs: 2 },
  ]);
  expect(await release(redis, 'q', 'bad')).toBe(true);
  expect(await release(redis, 'q', 'bad')).toBe(false);
  expect((await told()).map(({ hash }) => hash)).toEqual(['broken']);
  expect(await redis.exists(recordKey('q', 'bad'))).toBe(0);
});

test('a list of another kind in Redis is none', async () => {
  await redis.set(quarantineKey('other'), 'x');
  expect((await readCrew(redis, 'other')).quarantine).toEqual([]);
});
