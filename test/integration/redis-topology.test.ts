/** Every arrangement of Redis that the settings name, live: password, TLS, Sentinel, Cluster. */
import { afterEach, describe, expect, test } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { openQueueRunner } from '../../src/queue/queue-runner.ts';
import { redisDecisionRecord } from '../../src/redis-stores/decision-record.ts';
import { slackMs, untilHealthy } from '../support/healthy.ts';
import { bashHook } from '../support/queue-job.ts';
import { ask, QueueRig } from '../support/queue-rig.ts';
import { RedisTopology } from '../support/redis-topology.ts';

let rig: QueueRig<RedisTopology> | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function start(topology: Promise<RedisTopology>): Promise<QueueRig<RedisTopology>> {
  rig = new QueueRig(await topology);
  return rig;
}

const context = Buffer.from('{"hook_event_name":"PreToolUse","tool_name":"Bash"}');

test.each([
  ['that asks for a password', () => RedisTopology.password('', 'p@ss:w/rd')],
  ['that asks for a user and a password', () => RedisTopology.password('hookpool', 'p@ss:w/rd')],
  ['behind TLS of a private authority', () => RedisTopology.tls()],
  ['behind sentinels', () => RedisTopology.sentinel({ tls: false })],
  ['behind sentinels, all with TLS', () => RedisTopology.sentinel({ tls: true })],
  ['of three masters', () => RedisTopology.cluster()],
] as const)('a Redis %s serves hooks, and an evaluationId has one decision', async (_, open) => {
  const { runner, worker } = await start(open()).then(async (one) => ({
    worker: one.worker(),
    runner: await one.runner(),
  }));
  const hook = bashHook('reason: no');
  const evaluateOnce = (hooks: (typeof hook)[]) =>
    evaluate({ dialect: azure, hooks, context, evaluationId: 'one' }, runner.run, {
      record: redisDecisionRecord(runner.redis),
    });
  const first = await evaluateOnce([hook]);
  expect(first).toMatchObject({ decision: 'block', reason: 'no' });
  expect(await evaluateOnce([bashHook('exit 0')])).toEqual(first);
  expect(worker.stats().running).toBe(0);
});

describe('a Redis that does not want us', () => {
  const refusal = (settings: RedisTopology['settings']) =>
    openQueueRunner({ redis: settings, readyTimeoutMs: 1_000 }).then(
      () => 'it opened',
      (error: Error) => error.message,
    );

  test('for a wrong password is told by its own words', async () => {
    const { settings } = (await start(RedisTopology.password('', 'secret'))).redis;
    expect(await refusal({ url: settings.url.replace('secret', 'wrong') })).toMatch(/WRONGPASS/);
  });

  test('for an authority that nobody knows is refused by us', async () => {
    const { settings } = (await start(RedisTopology.tls())).redis;
    expect(await refusal({ url: settings.url })).toMatch(/certificate/);
  });
});

test('a failover: answered by the deadline, and healthy with the new master', async () => {
  const { redis } = await start(RedisTopology.sentinel({ tls: false }));
  rig?.worker();
  const runner = await rig?.runner();
  if (runner === undefined) throw new Error('no runner');
  await untilHealthy(runner);
  const [, master = 0] = await runner.redis
    .call('CONFIG', 'GET', 'port')
    .then((pair) => (pair as string[]).map(Number));
  await redis.kill(master);
  for (const failMode of ['allow', 'block'] as const) {
    const answer = await ask(runner, bashHook('exit 0', { failMode }), 500);
    expect(answer.decision.decision).toBe(failMode);
    expect(answer.tookMs).toBeLessThan(500 + slackMs);
  }
  await untilHealthy(runner, 15_000);
  expect(await runner.redis.call('CONFIG', 'GET', 'port')).not.toContain(String(master));
});
