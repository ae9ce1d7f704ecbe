/** Evaluations that several servers share in Redis. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  evaluationBytesKey,
  evaluationsKey,
  evaluationTotalsKey,
  hashOf,
} from '../../src/redis/keys.ts';
import { TestRedis } from '../support/redis.ts';
import { evaluation, StoreRig } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

describe('evaluations', () => {
  const delays = () => new Promise((resolve) => setTimeout(resolve, 2));

  test('that ended by themselves take no room from those that live', async () => {
    const { evaluations } = await rig.server({ evaluations: 3 });
    for (const id of ['1', '2']) {
      await evaluations.put(evaluation(id));
      await delays();
    }
    await rig.redis.use(async (client) => client.del(...(await client.keys('*:evaluation:*'))));
    for (const id of ['3', '4', '5']) {
      await evaluations.put(evaluation(id));
      await delays();
    }
    const found = await Promise.all(['3', '4', '5'].map((id) => evaluations.get('a', id)));
    expect(found.map((one) => one?.record.id)).toEqual(['3', '4', '5']);
    const { sizes, totals } = await rig.redis.use(async (client) => ({
      sizes: await client.hvals(evaluationBytesKey('hooks', hashOf('a'))),
      totals: await client.hgetall(evaluationTotalsKey('hooks')),
    }));
    expect(sizes.length).toBe(3);
    expect(totals).toEqual({
      count: '3',
      bytes: String(sizes.reduce((sum, bytes) => sum + Number(bytes), 0)),
    });
  });

  test('without their index begin to count anew', async () => {
    const { evaluations } = await rig.server({ evaluationBytes: 2_000 });
    await evaluations.put(evaluation('1', { requestSha256: 'x'.repeat(1_800) }));
    await rig.redis.use((client) => client.del(evaluationsKey('hooks', hashOf('a'))));
    for (const id of ['2', '3', '4']) await evaluations.put(evaluation(id));
    expect(await evaluations.get('a', '2')).toMatchObject({ record: { id: '2' } });
  });

  test('above a MiB lose their context with a warning; what is still too large is refused', async () => {
    const { evaluations, warnings } = await rig.server();
    const text = 'é'.repeat(600_000);
    const kept = {
      documents: [],
      event: 'Stop',
      context: text,
      transcript: undefined,
      active: [],
      deadlineMs: undefined,
    };
    const { record } = evaluation('e');
    await evaluations.put(evaluation('e', { record: { ...record, context: text }, kept }));
    const { context, ...bare } = (await evaluations.get('a', 'e'))?.record ?? record;
    expect([bare, context, (await evaluations.get('a', 'e'))?.kept]).toEqual([
      record,
      undefined,
      undefined,
    ]);
    expect(warnings).toEqual([expect.stringContaining('e is too large')]);
    await expect(evaluations.put(evaluation('e2', { requestSha256: text }))).rejects.toThrow(
      '1048576 are the most',
    );
    expect(await evaluations.get('a', 'e2')).toBeUndefined();
  });
});
