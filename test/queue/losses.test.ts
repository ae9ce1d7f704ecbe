/**
 * What is asked of Redis when a worker was lost; test/integration/queue-losses.test.ts has what
 * Redis makes of it.
 */
import { expect, it } from 'vitest';
import { recordLoss, spareFromLosses } from '../../src/queue/losses.ts';
import { bullKey, lossesKey, quarantineKey, recordKey } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

it('a loss is looked up among the active jobs of the queue, and tells how many scripts it brought into quarantine', async () => {
  const redis = new FakeRedis();
  redis.answer = () => 2;
  expect(await recordLoss(redis.client, 'hooks', 'w')).toBe(2);
  expect(redis.calls[0]).toMatchObject({
    keys: [bullKey('hooks', 'active'), lossesKey('hooks'), quarantineKey('hooks')],
    args: ['w', bullKey('hooks', ''), recordKey('hooks', '')],
  });
});

it('a script that ran apart is taken from the losses of its queue', async () => {
  const redis = new FakeRedis();
  await spareFromLosses(redis.client, 'hooks', 's');
  expect(redis.calls[0]).toMatchObject({ keys: [lossesKey('hooks')], args: ['s'] });
});
