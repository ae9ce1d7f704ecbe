/**
 * What the loss of a worker proves, and when a script in quarantine may be tried, with a real
 * Redis.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordLoss, spareFromLosses } from '../../src/queue/losses.ts';
import { countLostSandbox } from '../../src/queue/record.ts';
import { clearRetried, endTrial, permitTrial } from '../../src/queue/trial.ts';
import {
  bullKey,
  jobIdOf,
  lossesKey,
  quarantineKey,
  recordKey,
  trialKey,
} from '../../src/redis/keys.ts';
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

describe('a trial', () => {
  const a = { tenant: 'test', script: 'a' };

  test('comes at once after the first proof, and after one that was lost as late as quarantine is long', async () => {
    await loseWorkers(['a']);
    await redis.use(async (client) => {
      const waits: number[] = [];
      for (const lengthMs of [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]) {
        await client.del(trialKey(queue, 'test'));
        await client.hset(recordKey(queue, 'a'), 'trialFrom', 1);
        expect(await permitTrial(client, queue, a)).toMatchObject({ kind: 'worker' });
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
      await endTrial(client, queue, a, 'worker', false);
      expect(await permitTrial(client, queue, a)).toMatchObject({ kind: 'worker' });
      await endTrial(client, queue, a, 'worker', true);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
      expect(await client.exists(recordKey(queue, 'a'), trialKey(queue, 'test'))).toBe(0);
    });
    expect(await quarantined()).toEqual([]);
  });

  test('keeps the others of its tenant waiting, and not those of another', async () => {
    await loseWorkers(['a'], ['b'], ['c']);
    await redis.use(async (client) => {
      expect(await permitTrial(client, queue, a)).toMatchObject({ kind: 'worker' });
      expect(await permitTrial(client, queue, { tenant: 'test', script: 'b' })).toMatchObject({
        kind: 'wait',
      });
      expect(await permitTrial(client, queue, { tenant: 'other', script: 'c' })).toMatchObject({
        kind: 'worker',
      });
    });
  });

  test('that must not wait is permitted beside another one, but never once two workers are proven lost', async () => {
    await loseWorkers(['a'], ['b']);
    await redis.use(async (client) => {
      expect(await permitTrial(client, queue, { tenant: 'test', script: 'b' })).toEqual({
        kind: 'worker',
        proofs: 1,
      });
      expect(await permitTrial(client, queue, a)).toMatchObject({ kind: 'wait', proofs: 1 });
      expect(await permitTrial(client, queue, a, 'insist')).toEqual({ kind: 'worker', proofs: 1 });
      expect(await permitTrial(client, queue, a, 'insist')).toEqual({ kind: 'worker', proofs: 1 });
      await loseWorkers(['a']);
      expect(await permitTrial(client, queue, a, 'insist')).toMatchObject({
        kind: 'wait',
        proofs: 2,
      });
    });
  });

  test('is not begun by who only asks', async () => {
    await loseWorkers(['a']);
    await redis.use(async (client) => {
      for (let n = 0; n < 2; n++)
        expect(await permitTrial(client, queue, a, 'ask')).toEqual({ kind: 'worker', proofs: 1 });
      expect(await client.exists(trialKey(queue, 'test'))).toBe(0);
      await permitTrial(client, queue, { tenant: 'test', script: 'a' });
      expect(await permitTrial(client, queue, a, 'ask')).toMatchObject({ kind: 'wait' });
    });
  });

  test('is not needed by a script whose retry did no harm, unless it has cost sandboxes', async () => {
    await loseWorkers(['a']);
    await redis.use(async (client) => {
      for (const worker of ['one', 'two'])
        await countLostSandbox(client, queue, 'b', { worker, runMs: 1 });
      expect(await quarantined()).toEqual(['a', 'b']);
      for (const script of ['a', 'b'])
        await clearRetried(client, queue, { tenant: 'test', script });
    });
    expect(await quarantined()).toEqual(['b']);
  });

  test('is never kept waiting by lost sandboxes, however many', async () => {
    await redis.use(async (client) => {
      for (let n = 0; n < 6; n++)
        await countLostSandbox(client, queue, 'a', { worker: `w${n}`, runMs: 1 });
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'sandbox' });
      await loseWorkers(['a']);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'worker', proofs: 1 });
    });
  });

  test('is permitted where the keys are of another type', async () => {
    await redis.use(async (client) => {
      await client.lpush(recordKey(queue, 'a'), 'no hash');
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
      await client.hset(
        recordKey(queue, 'a'),
        'kind',
        'worker',
        'trialFrom',
        'soon',
        'length',
        '{}',
        'proofs',
        '',
      );
      await client.lpush(trialKey(queue, 'test'), 'no text');
      expect(await permitTrial(client, queue, a)).toMatchObject({ kind: 'worker' });
      await client.set(quarantineKey(queue), 'no sorted set');
      await endTrial(client, queue, a, 'worker', true);
      expect(await permitTrial(client, queue, a)).toEqual({ kind: 'free' });
    });
  });
});
