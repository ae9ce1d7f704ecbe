/**
 * What the loss of a worker proves, and when a script in quarantine may be tried, with a real
 * Redis.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordLoss, spareFromLosses } from '../../src/queue/losses.ts';
import { endTrial, permitTrial } from '../../src/queue/trial.ts';
import { bullKey, jobIdOf, lossesKey, quarantineKey, recordKey } from '../../src/redis/keys.ts';
import * as lost from '../support/lost-workers.ts';
import { TestRedis } from '../support/redis.ts';

const queue = 'hooks';
let redis: TestRedis;
const loseWorkers = (...losses: readonly (readonly string[])[]) =>
  lost.loseWorkers(redis, ...losses);
const quarantined = () => lost.quarantined(redis);

beforeEach(async () => {
  redis = await TestRedis.start();
});

afterEach(() => redis.remove());

const proofs = (script: string) =>
  redis.use((client) => client.hget(recordKey(queue, script), 'proofs'));

describe('the loss of a worker', () => {
  test('proves something against the only script on it', async () => {
    await loseWorkers(['a'], ['a']);
    expect([await quarantined(), await proofs('a')]).toEqual([['a'], '2']);
  });

  test.each([
    ['none of two', [['a', 'b']], []],
    [
      'the one that was on two lost workers',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      ['a'],
    ],
    [
      'neither of two that were on both',
      [
        ['a', 'b'],
        ['b', 'a', 'c'],
      ],
      [],
    ],
    [
      'the one in common with any earlier loss',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'a'],
      ],
      ['a'],
    ],
  ])('brings suspicion on %s, and proves nothing', async (_, losses, suspected) => {
    await loseWorkers(...losses);
    expect(await quarantined()).toEqual(suspected);
    for (const script of ['a', 'b', 'c', 'd', 'e']) expect(await proofs(script)).toBeNull();
  });

  test('never proves anything against a guard beside scripts that change their text each time', async () => {
    const guard = { tenant: 'b', script: 'guard' };
    await redis.use(async (client) => {
      for (let round = 0; round < 6; round++) {
        await loseWorkers(
          [`killer ${2 * round}`, 'guard'],
          [`killer ${2 * round + 1}`, 'guard', 'other'],
        );
        expect(await proofs('guard')).toBeNull();
        expect(await quarantined()).toEqual(['guard']);
        // Its trial comes at once, however often the workers of its trials are lost together with
        // others.
        expect(await permitTrial(client, queue, guard, 'ask')).toEqual({
          kind: 'worker',
          proofs: 0,
        });
      }
      expect(await permitTrial(client, queue, guard)).toEqual({ kind: 'worker', proofs: 0 });
      await endTrial(client, queue, guard, 'worker', true);
    });
    expect(await quarantined()).toEqual([]);
  });

  test('proves something against a suspect whose trial was alone', async () => {
    await loseWorkers(['a', 'b'], ['a', 'c']);
    await redis.use((client) => permitTrial(client, queue, { tenant: 'test', script: 'a' }));
    await loseWorkers(['a']);
    expect(await proofs('a')).toBe('1');
  });

  test('and a suspicion add nothing to what is proven', async () => {
    await loseWorkers(['a'], ['a'], ['a', 'b'], ['a', 'c']);
    expect(await proofs('a')).toBe('2');
    const next = await redis.use((client) =>
      permitTrial(client, queue, { tenant: 'test', script: 'a' }),
    );
    expect(next).toMatchObject({ kind: 'wait', proofs: 2 });
  });

  test('counts once, however many of its jobs and dispatchers see it', async () => {
    await loseWorkers(['a', 'b']);
    await redis.use(async (client) => {
      await client.hset(bullKey(queue, jobIdOf('x', '1')), 'pb', 'again');
      await client.lpush(bullKey(queue, 'active'), jobIdOf('x', '1'));
      expect([
        await recordLoss(client, queue, 'again'),
        await recordLoss(client, queue, 'again'),
      ]).toEqual([1, 0]);
      expect(await client.hget(recordKey(queue, 'x'), 'proofs')).toBe('1');
    });
  });

  test('says nothing when workers die together, as with their host', async () => {
    await redis.use(async (client) => {
      for (const worker of ['one', 'two']) {
        const id = jobIdOf('a', worker);
        await client.hset(bullKey(queue, id), 'pb', worker);
        await client.lpush(bullKey(queue, 'active'), id, `other-${worker}`);
        await client.hset(bullKey(queue, `other-${worker}`), 'pb', worker);
        await recordLoss(client, queue, worker);
      }
    });
    expect(await quarantined()).toEqual([]);
  });

  test('brings suspicion on what is left when the others ran apart without harm', async () => {
    await loseWorkers(['killer', 'guard']);
    await redis.use((client) => spareFromLosses(client, queue, 'guard'));
    await loseWorkers(['killer', 'guard']);
    expect(await quarantined()).toEqual(['killer']);
  });

  test('is recorded beside entries that nobody can read', async () => {
    await redis.use(async (client) => {
      await client.lpush(
        lossesKey(queue),
        'not json',
        '7',
        '{"scripts":5,"at":"x"}',
        '{"scripts":[{}],"at":1,"worker":"w"}',
      );
      await client.set(recordKey(queue, 'a'), 'no hash');
      await client.set(quarantineKey(queue), 'no sorted set');
      await client.set(bullKey(queue, jobIdOf('b', '1')), 'no hash');
      await client.lpush(bullKey(queue, 'active'), jobIdOf('b', '1'));
    });
    await loseWorkers(['a']);
    expect(await quarantined()).toEqual(['a']);
    await redis.use((client) =>
      client.del(lossesKey(queue)).then(() => client.set(lossesKey(queue), 'no list')),
    );
    await loseWorkers(['c']);
    expect(await quarantined()).toEqual(['a', 'c']);
  });

  test('is forgotten after a time', async () => {
    await loseWorkers(['a'], ['a', 'b']);
    await redis.use(async (client) => {
      const kept = [lossesKey(queue), quarantineKey(queue), recordKey(queue, 'a')];
      const ends = await Promise.all(kept.map((key) => client.pttl(key)));
      expect(Math.min(...ends)).toBeGreaterThan(0);
      expect(Math.max(...ends)).toBeLessThanOrEqual(1_200_000);
      for (let n = 0; n < 40; n++) await recordLoss(client, queue, `w${n}`);
      expect(await client.llen(lossesKey(queue))).toBe(32);
    });
  });
});
