/**
 * What is asked of Redis when a sandbox was lost; test/integration/queue-quarantine.test.ts has
 * what Redis makes of it.
 */
import { expect, it } from 'vitest';
import { countLostSandbox } from '../../src/queue/record.ts';
import { quarantineKey, recordKey } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

it('a lost sandbox is held against its script, once for what the worker lost during that run', async () => {
  const redis = new FakeRedis();
  await countLostSandbox(redis.client, 'hooks', 's', { worker: 'w', runMs: 12.1 });
  expect(redis.calls[0]).toMatchObject({
    keys: [recordKey('hooks', 's'), quarantineKey('hooks')],
    args: ['s', 'w', 13],
  });
});

it.each([
  [1, true],
  [0, false],
  [null, false],
])('where Redis answers %j, the script is in quarantine: %s', async (answer, isQuarantined) => {
  const redis = new FakeRedis();
  redis.answer = () => answer;
  expect(await countLostSandbox(redis.client, 'hooks', 's', { worker: 'w', runMs: 1 })).toBe(
    isQuarantined,
  );
});
