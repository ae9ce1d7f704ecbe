/** What every store promises of evaluations and counters, in memory and in Redis. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EvaluationSearch, PageOptions } from '../../src/server/evaluation-summary.ts';
import type { Stores } from '../../src/server/stores.ts';
import { TestRedis } from '../support/redis.ts';
import { evaluation, StoreRig, storeKinds } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const kinds = storeKinds(() => rig);

describe.each(kinds)('evaluations in %s', (_, open) => {
  const all = async ({ evaluations }: Stores, ids: readonly string[]) => {
    const found = await Promise.all(ids.map((id) => evaluations.get('a', id)));
    return found.flatMap((one) => one?.record.id ?? []);
  };

  test('are found by tenant and id, the last one of an id', async () => {
    const { evaluations } = await open();
    await evaluations.put(evaluation('1'));
    await evaluations.put(evaluation('1', {}, 'b'));
    const kept = {
      documents: [],
      event: undefined,
      context: '{"é":"\u2028"}',
      transcript: 'x',
      active: ['y'],
      deadlineMs: 5,
    };
    const last = evaluation('1', { requestSha256: 'y', kept });
    await evaluations.put(last);
    expect(await evaluations.get('a', '1')).toEqual(last);
    expect(await evaluations.get('b', '1')).toMatchObject({
      requestSha256: 'x',
      record: { tenant: 'b' },
    });
    expect([await evaluations.get('c', '1'), await evaluations.get('a', '2')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('are there for whoever comes in a later turn, though nobody waits for the put', async () => {
    const { evaluations } = await open();
    const putting = Promise.all(
      Array.from({ length: 50 }, (_unused, n) => evaluations.put(evaluation(`e${n}`))),
    );
    await nextTurn();
    expect((await Promise.all([evaluations.get('a', 'e49'), putting]))[0]).toMatchObject({
      record: { id: 'e49' },
    });
  });

  const listed = async (
    { evaluations }: Stores,
    search: EvaluationSearch,
    page: Partial<PageOptions> = {},
  ) => {
    const found = await evaluations.list('a', search, { before: undefined, limit: 10, ...page });
    return { ...found, ids: found.evaluations.map(({ id }) => id) };
  };

  test('are listed page by page, the newest first, those of the tenant alone', async () => {
    const stores = await open();
    for (let n = 0; n < 5; n++) await stores.evaluations.put(evaluation(`e${n}`));
    await stores.evaluations.put(evaluation('other', {}, 'b'));
    const all: string[] = [];
    let before: string | undefined;
    do {
      const page = await listed(stores, {}, { before, limit: 2 });
      if (page.next !== undefined) await stores.evaluations.put(evaluation(`new${all.length}`));
      all.push(...page.ids);
      before = page.next;
    } while (before !== undefined);
    expect(all.toSorted()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
    expect((await listed(stores, {})).ids).toHaveLength(7);
    expect((await listed(stores, {}, { limit: 7 })).next).toBeUndefined();
  });

  test('are found by what a search says, and one that comes again is the newest', async () => {
    const stores = await open();
    const { record } = evaluation('x');
    const bash = { ...record, id: 'bash', tool: 'Bash', subject: 'rm -rf /', thread: 't' };
    await stores.evaluations.put({ ...evaluation('bash'), record: bash });
    await stores.evaluations.put(evaluation('plain'));
    await stores.evaluations.put({ ...evaluation('bash'), record: bash });
    expect((await listed(stores, { tool: ['Bash'], thread: ['!u'] })).ids).toEqual(['bash']);
    expect((await listed(stores, { tool: ['!Bash'] })).ids).toEqual(['plain']);
    expect((await listed(stores, { q: 'RM -RF' })).ids).toEqual(['bash']);
    expect((await listed(stores, { until: '2000-01-01T00:00:00Z' })).ids).toEqual([]);
    expect((await listed(stores, {})).ids).toHaveLength(2);
    const none = await listed({ ...stores }, { q: 'nothing' });
    expect([none.ids, none.next, none.unreadable]).toEqual([[], undefined, 0]);
  });

  test('are not listed behind a text that is no next of an earlier page', async () => {
    const stores = await open();
    await expect(listed(stores, {}, { before: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  test('are not listed when they are gone', async () => {
    const stores = await open({ evaluations: 3 });
    const all = ['e0', 'e1', 'e2', 'e3', 'e4'];
    for (const id of all) await stores.evaluations.put(evaluation(id));
    // Redis removes any of those that came in the same millisecond.
    const found = await Promise.all(all.map((id) => stores.evaluations.get('a', id)));
    const kept = all.filter((_, at) => found[at] !== undefined);
    expect([kept.length, kept.at(-1)]).toEqual([3, 'e4']);
    expect((await listed(stores, {})).ids.toSorted()).toEqual(kept);
  });

  test('are so many at most: the oldest go, and one that came again is new', async () => {
    const stores = await open({ evaluations: 3 });
    for (const id of ['1', '2', '3', '1', '4', '5']) {
      await stores.evaluations.put(evaluation(id));
      // The order is told by the clock, which has milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await all(stores, ['1', '2', '3', '4', '5'])).toEqual(['1', '4', '5']);
  });

  test('of one tenant take no room from those of another one, by number and by bytes', async () => {
    const stores = await open({ evaluations: 20, evaluationBytes: 20_000 });
    const put = (id: string, tenant: string, requestSha256 = 'x') =>
      stores.evaluations.put(evaluation(id, { requestSha256 }, tenant));
    const found = async (id: string, tenant: string) =>
      (await stores.evaluations.get(tenant, id))?.record.id;
    await put('1', 'b');
    for (let id = 0; id < 60; id++) await put(`${id}`, 'a');
    expect([await found('1', 'b'), await found('59', 'a'), await found('0', 'a')]).toEqual([
      '1',
      '59',
      undefined,
    ]);
    for (let id = 0; id < 20; id++) await put(`long-${id}`, 'a', 'x'.repeat(3_000));
    expect([await found('1', 'b'), await found('long-19', 'a')]).toEqual(['1', 'long-19']);
    for (let id = 2; id < 12; id++) await put(`${id}`, 'b');
    expect(await Promise.all([1, 2, 11].map((id) => found(`${id}`, 'b')))).toEqual([
      '1',
      '2',
      '11',
    ]);
  });

  test('have so many bytes at most, and again after one was replaced', async () => {
    const stores = await open({ evaluationBytes: 12_000 });
    for (const id of ['1', '2', '2', '2', '3', '4']) {
      await stores.evaluations.put(evaluation(id, { requestSha256: 'x'.repeat(3_000) }));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await all(stores, ['1', '2', '3', '4'])).toEqual(['2', '3', '4']);
    await stores.evaluations.put(evaluation('5', { requestSha256: 'x'.repeat(11_000) }));
    expect(await all(stores, ['1', '2', '3', '4', '5'])).toEqual(['5']);
  });
});

describe.each(kinds)('counters in %s', (_, open) => {
  const key = (more: object = {}) => ({ tenant: 'a', session: 's', name: 'n', ...more });

  test('count each name of each session of each tenant apart, until they are cleared', async () => {
    const { counters } = await open();
    expect(await counters.get(key())).toBe(0);
    expect([
      await counters.add(key()),
      await counters.add(key()),
      await counters.get(key()),
    ]).toEqual([1, 2, 2]);
    for (const other of [
      key({ name: 'm' }),
      key({ session: 't' }),
      key({ tenant: 'b' }),
      key({ session: 's\nn', name: '' }),
    ]) {
      expect(await counters.get(other)).toBe(0);
    }
    await counters.clear(key());
    await counters.clear(key({ name: 'never' }));
    expect([await counters.get(key()), await counters.add(key())]).toEqual([0, 1]);
  });

  test('lose none of those that come at once', async () => {
    const { counters } = await open();
    await Promise.all(Array.from({ length: 50 }, () => counters.add(key())));
    expect(await counters.get(key())).toBe(50);
  });

  test('of one tenant are not forgotten for those of another one', async () => {
    const { counters } = await open({ counters: 10 });
    await counters.add(key({ tenant: 'b' }));
    for (let name = 0; name < 30; name++) await counters.add(key({ name: `${name}` }));
    expect([
      await counters.get(key({ tenant: 'b' })),
      await counters.get(key({ name: '29' })),
    ]).toEqual([1, 1]);
  });

  test('forget the one that was changed longest ago when there are too many', async () => {
    const { counters } = await open({ counters: 2 });
    const names = async () =>
      Promise.all(['a', 'b', 'c'].map((name) => counters.get(key({ name }))));
    for (const name of ['a', 'b', 'a', 'c']) {
      await counters.add(key({ name }));
      // Redis tells times apart by milliseconds.
      const at = Date.now();
      await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(at);
    }
    expect(await names()).toEqual([2, 0, 1]);
  });
});
