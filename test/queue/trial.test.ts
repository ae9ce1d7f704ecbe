/**
 * What is asked of Redis around a trial; test/integration/queue-quarantine.test.ts has what Redis
 * makes of it.
 */
import { expect, it } from 'vitest';
import { clearRetried, endTrial, permitTrial } from '../../src/queue/trial.ts';
import { quarantineKey, recordKey, trialKey } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

const tried = { tenant: 'a', script: 's' };

it.each([
  [['free', 0, 0], { kind: 'free' }],
  [['sandbox', 0, 0], { kind: 'sandbox' }],
  [['worker', 0, 2], { kind: 'worker', proofs: 2 }],
  [['wait', 40, 1], { kind: 'wait', waitMs: 40, proofs: 1 }],
])('the answer %j permits %j', async (answer, permission) => {
  const redis = new FakeRedis();
  redis.answer = () => answer;
  expect(await permitTrial(redis.client, 'hooks', tried)).toEqual(permission);
});

it('one script of a tenant is tried at a time: the trial is kept under the tenant', async () => {
  const redis = new FakeRedis();
  redis.answer = () => ['free', 0, 0];
  await permitTrial(redis.client, 'hooks', tried);
  await permitTrial(redis.client, 'hooks', { tenant: 'b', script: 's' }, 'insist');
  expect(redis.calls.map(({ keys, args }) => [...keys, ...args])).toEqual([
    [recordKey('hooks', 's'), trialKey('hooks', 'a'), 's', 'try'],
    [recordKey('hooks', 's'), trialKey('hooks', 'b'), 's', 'insist'],
  ]);
});

it('the end of a trial is told as harmless, harmful or that of a retry', async () => {
  const redis = new FakeRedis();
  await endTrial(redis.client, 'hooks', tried, 'worker', true);
  await endTrial(redis.client, 'hooks', tried, 'worker', false);
  await clearRetried(redis.client, 'hooks', tried);
  const keys = [recordKey('hooks', 's'), trialKey('hooks', 'a'), quarantineKey('hooks')];
  expect(redis.calls.map((call) => call.keys)).toEqual([keys, keys, keys]);
  expect(redis.calls.map(({ args }) => args)).toEqual([
    ['s', '1'],
    ['s', '0'],
    ['s', 'retry'],
  ]);
});

it('the end of a run that was permitted for lost sandboxes is told apart, and only if the run did no harm', async () => {
  const redis = new FakeRedis();
  await endTrial(redis.client, 'hooks', tried, 'sandbox', true);
  expect(await endTrial(redis.client, 'hooks', tried, 'sandbox', false)).toBe(false);
  expect(redis.calls.map(({ args }) => args)).toEqual([['s', 'sandbox']]);
});

it.each([
  [1, true],
  [0, false],
])('Redis says whether the script has left quarantine: %i', async (answer, isFree) => {
  const redis = new FakeRedis();
  redis.answer = () => answer;
  expect(await endTrial(redis.client, 'hooks', tried, 'worker', true)).toBe(isFree);
});
