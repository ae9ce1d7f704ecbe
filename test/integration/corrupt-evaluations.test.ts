/** Entries of evaluations in Redis that cannot be read spoil nothing else. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Content } from '../../src/protocol/content.ts';
import {
  decisionKey,
  evaluationKey,
  evaluationSummariesKey,
  evaluationsKey,
  hashOf,
} from '../../src/redis/keys.ts';
import { redisDecisionRecord } from '../../src/redis-stores/decision-record.ts';
import { appUnderTest, stopContext } from '../server/app-under-test.ts';
import { TestRedis } from '../support/redis.ts';
import { evaluation, StoreRig } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

describe('an evaluation that is', () => {
  const good = evaluation('e');
  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['empty', '{}'],
    ['without a decision', JSON.stringify({ ...good, decision: {} })],
    [
      'with results that are none',
      JSON.stringify({ ...good, decision: { ...good.decision, results: [null] } }),
    ],
    ['of another id', JSON.stringify(evaluation('f'))],
    ['of another tenant', JSON.stringify(evaluation('e', {}, 'b'))],
    [
      'with a request that cannot be replayed',
      JSON.stringify({ ...good, kept: { documents: [{}], context: 5 } }),
    ],
  ])('%s is told as such, and is replaced by the next one of its id', async (_, text) => {
    const stores = await rig.server();
    const { app } = appUnderTest(stores);
    await rig.redis.use((client) => client.set(evaluationKey('hooks', 'a', 'e'), text));
    const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/e?tenant=a' });
    expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'STORE_CORRUPT']);
    expect(stores.warnings).toHaveLength(1);
    const payload = { tenant: 'a', evaluationId: 'e', context: stopContext, hooks: {} };
    expect((await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).statusCode).toBe(
      200,
    );
    await expect
      .poll(
        async () =>
          (await app.inject({ method: 'GET', url: '/v1/evaluations/e?tenant=a' })).statusCode,
      )
      .toBe(200);
  });

  test('of another kind in Redis is told as such', async () => {
    const { evaluations } = await rig.server();
    await rig.redis.use((client) => client.sadd(evaluationKey('hooks', 'a', 'e'), 'x'));
    await expect(evaluations.get('a', 'e')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await evaluations.put(good);
    expect(await evaluations.get('a', 'e')).toEqual(good);
  });
});

describe('a summary that is', () => {
  const listed = async () =>
    (await rig.server()).evaluations.list('a', {}, { before: undefined, limit: 10 });
  const whole = { ...{ id: 'bad', at: '', dialect: '', event: '', decision: 'none', how: 'none' } };
  const counts = { durationMs: 1, failed: 0, notRun: 0, skipped: 0, kept: false, hooks: [] };

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['empty', ''],
    ['without a decision', JSON.stringify({ ...whole, ...counts, decision: undefined })],
    ['decided in an unknown way', JSON.stringify({ ...whole, ...counts, how: 'magic' })],
    ['with hooks that are none', JSON.stringify({ ...whole, ...counts, hooks: [5] })],
    ['with a tool that is no text', JSON.stringify({ ...whole, ...counts, tool: {} })],
  ])('%s is counted, and the others are listed', async (_, text) => {
    const { evaluations } = await rig.server();
    for (const id of ['one', 'bad', 'two']) await evaluations.put(evaluation(id));
    const summaries = evaluationSummariesKey('hooks', hashOf('a'));
    await rig.redis.use((client) =>
      client.hset(summaries, evaluationKey('hooks', 'a', 'bad'), text),
    );
    const page = await listed();
    expect(page.evaluations.map(({ id }) => id).toSorted()).toEqual(['one', 'two']);
    expect([page.unreadable, page.scanned]).toEqual([1, 3]);
  });

  test('of another kind in Redis hides the list alone', async () => {
    await rig.redis.use(async (client) => {
      await client.set(evaluationSummariesKey('hooks', hashOf('a')), 'x');
      await client.zadd(evaluationsKey('hooks', hashOf('a')), Date.now(), 'x');
    });
    expect((await listed()).evaluations).toEqual([]);
  });
});

test.each(['{', 'null', '[]', '{"decision":"allow"}', '{"decision":"maybe","results":[]}'])(
  'a decision that is %s stands for nobody',
  async (text) => {
    await rig.redis.use(async (client) => {
      const record = redisDecisionRecord(
        client as unknown as Parameters<typeof redisDecisionRecord>[0],
      );
      const key = { tenant: 'a', evaluationId: 'e', event: 'Stop', context: Buffer.from('{}') };
      await client.set(
        decisionKey(key.tenant, key.evaluationId, key.event, new Content(key.context).sha256),
        text,
      );
      expect(await record.find(key)).toBeUndefined();
      const { decision } = evaluation('e');
      expect(await record.claim(key, decision)).toEqual(decision);
    });
  },
);
