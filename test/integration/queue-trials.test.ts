/** The trial of a script that was lost with workers: who gets one, and what it proves. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countLostSandbox } from '../../src/queue/record.ts';
import { clearRetried, endTrial, permitTrial } from '../../src/queue/trial.ts';
import { quarantineKey, recordKey, trialKey } from '../../src/redis/keys.ts';
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
