/** What the loss of a worker proves, and when a script in quarantine may be tried, with a real Redis. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordLoss, spareFromLosses } from '../../src/queue/losses.ts';
import { endTrial, permitTrial } from '../../src/queue/trial.ts';
import { bullKey, jobIdOf, lossesKey, quarantineKey, recordKey, trialKey } from '../../src/redis/keys.ts';
import * as lost from '../support/lost-workers.ts';
import { TestRedis } from '../support/redis.ts';

const queue = 'hooks';
let redis: TestRedis;
const loseWorkers = (...losses: readonly (readonly string[])[]) => lost.loseWorkers(redis, ...losses);
const quarantined = () => lost.quarantined(redis);

beforeEach(async () => {
  redis = await TestRedis.start();
});

afterEach(() => redis.remove());

describe('the loss of a worker proves something', () => {
  test.each([
    ['against the only script on it', [['a']], ['a']],
    ['against none of two', [['a', 'b']], []],
    [
      'against the one that was on two lost workers',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      ['a'],
    ],
    [
      'against neither of two that were on both',
      [
        ['a', 'b'],
        ['b', 'a', 'c'],
      ],
      [],
    ],
    [
      'against the one in common with any earlier loss',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'a'],
      ],
      ['a'],
    ],
  ])('%s', async (_, losses, guilty) => {
    await loseWorkers(...losses);
    expect(await quarantined()).toEqual(guilty);
  });

  test('once, however many of its jobs and dispatchers see it', async () => {
    await loseWorkers(['a', 'b']);
    await redis.use(async (client) => {
      await client.hset(bullKey(queue, jobIdOf('x', '1')), 'pb', 'again');
      await client.lpush(bullKey(queue, 'active'), jobIdOf('x', '1'));
      expect([await recordLoss(client, queue, 'again'), await recordLoss(client, queue, 'again')]).toEqual([1, 0]);
      expect(await client.hget(recordKey(queue, 'x'), 'proofs')).toBe('1');
    });
  });

  test('but not when workers die together, as with their host', async () => {
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

  test('against what is left when the others ran apart without harm', async () => {
    await loseWorkers(['killer', 'guard']);
    await redis.use((client) => spareFromLosses(client, queue, 'guard'));
    await loseWorkers(['killer', 'guard']);
    expect(await quarantined()).toEqual(['killer']);
  });

  test('and entries that nobody can read spoil nothing', async () => {
    await redis.use(async (client) => {
      await client.lpush(lossesKey(queue), 'not json', '7', '{"scripts":5,"at":"x"}', '{"scripts":[{}],"at":1,"worker":"w"}');
      await client.set(recordKey(queue, 'a'), 'no hash');
      await client.set(quarantineKey(queue), 'no sorted set');
      await client.set(bullKey(queue, jobIdOf('b', '1')), 'no hash');
      await client.lpush(bullKey(queue, 'active'), jobIdOf('b', '1'));
    });
    await loseWorkers(['a']);
    expect(await quarantined()).toEqual(['a']);
    await redis.use((client) => client.del(lossesKey(queue)).then(() => client.set(lossesKey(queue), 'no list')));
    await loseWorkers(['c']);
    expect(await quarantined()).toEqual(['a', 'c']);
  });

  test('and what is kept of it has an end', async () => {
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

describe('a trial', () => {
  const a = { tenant: 'test', script: 'a' };

  test('comes at once after the first proof, and after one that was lost as late as quarantine is long', async () => {
    await loseWorkers(['a']);
    await redis.use(async (client) => {
      const waits: number[] = [];
      for (const lengthMs of [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]) {
        await client.del(trialKey(queue, 'test'));
        await client.hset(recordKey(queue, 'a'), 'trialFrom', 1);
        expect(await permitTrial(client, queue, a)).toEqual({ kind: 'worker' });
        await loseWorkers(['a']);
        const next = await permitTrial(client, queue, a);
        if (next.kind !== 'wait') throw new Error(next.kind);
        expect(next.waitMs).toBeLessThanOrEqual(lengthMs);
        waits.push(Math.round(next.waitMs / 5_000) * 5_000);
      }
      expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]);
    });
  });

  test('that ends by itself clears the script, one that was cut off does not', async () => {
    await loseWorkers(['a']);
    await redis.use(async (client) => {
      await permitTrial(client, queue, a);
      await endTrial(client, queue, a, false);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'worker' });
      await endTrial(client, queue, a, true);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
      expect(await client.exists(recordKey(queue, 'a'), trialKey(queue, 'test'))).toBe(0);
    });
    expect(await quarantined()).toEqual([]);
  });

  test('keeps the others of its tenant waiting, and not those of another', async () => {
    await loseWorkers(['a'], ['b'], ['c']);
    await redis.use(async (client) => {
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'worker' });
      expect(await permitTrial(client, queue, { tenant: 'test', script: 'b' })).toMatchObject({ kind: 'wait' });
      expect(await permitTrial(client, queue, { tenant: 'other', script: 'c' })).toEqual({ kind: 'worker' });
    });
  });

  test('is permitted where the keys are of another type', async () => {
    await redis.use(async (client) => {
      await client.lpush(recordKey(queue, 'a'), 'no hash');
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
      await client.hset(recordKey(queue, 'a'), 'kind', 'worker', 'trialFrom', 'soon', 'length', '{}', 'proofs', '');
      await client.lpush(trialKey(queue, 'test'), 'no text');
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'worker' });
      await client.set(quarantineKey(queue), 'no sorted set');
      await endTrial(client, queue, a, true);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
    });
  });
});
