/**
 * What somebody, or an earlier version, left in Redis and cannot be read: it spoils itself only.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  countersKey,
  hashOf,
  hookSetsKey,
  threadKey,
  threadSwitchesKey,
} from '../../src/redis/keys.ts';
import { appUnderTest, stopContext } from '../server/app-under-test.ts';
import { TestRedis } from '../support/redis.ts';
import { StoreRig, setContent, setKey } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const tag = '"abc-def"';
const facts = {
  contentType: 'application/json',
  format: 'hookpool',
  dialect: 'azure',
  hookCount: 0,
  storedAt: 'x',
};
const entry = (about: unknown = facts, text = '{"hooks":{}}') =>
  `1 ${tag} ${JSON.stringify(about)}\n${text}`;

const poisons: [string, string][] = [
  ['nothing', ''],
  ['no JSON', 'garbage'],
  ['no version', `x ${tag} ${JSON.stringify(facts)}\nhooks: {}`],
  ['a version below 1', entry().replace(/^1/, '-1')],
  ['no facts', `1 ${tag}\nhooks: {}`],
  ['torn facts', `1 ${tag} {"contentType":"application\nhooks: {}`],
  ['facts that are null', entry(null)],
  ['facts that are a list', entry([])],
  ['facts of other types', entry({ ...facts, format: 5 })],
  ['facts without a dialect', entry({ ...facts, dialect: undefined })],
  ['a hint that is a text', entry({ ...facts, hint: 'x' })],
  ['bytes that are no text', '\u0000\uffff\ud800'],
];

describe.each(['named:bad', 'global:bad', 'strange:bad', ':'])('a hook set under %s', (field) => {
  test.each(poisons)('with %s leaves the others as they are', async (_, value) => {
    const { hookSets, warnings } = await rig.server();
    await hookSets.put(setKey('good'), setContent(), {});
    const key = hookSetsKey('hooks', 'a');
    await rig.redis.use((client) => client.hset(key, field, value, 'revision', 'other'));
    expect((await hookSets.list('a')).map(({ name }) => name)).toEqual(['good']);
    expect((await hookSets.resolve('a', 'good', 1_000)).set?.name).toBe('good');
    expect(await hookSets.get(setKey('good'))).toMatchObject({ name: 'good' });
    expect((await hookSets.put(setKey('more'), setContent(), {})).kind).toBe('stored');
    expect((await hookSets.list('a')).length).toBe(2);
    expect(warnings.filter((text) => text.includes('bad') || text.includes('":"'))).toHaveLength(1);
  });
});

test('a named set that cannot be read is told as such, and can be removed and replaced', async () => {
  const stores = await rig.server();
  const { app } = appUnderTest(stores);
  const key = hookSetsKey('hooks', 'a');
  const spoil = () =>
    rig.redis.use((client) =>
      client.hset(key, 'named:bad', 'garbage', 'revision', String(Math.random())),
    );
  const set = '/v1/hooksets/bad?tenant=a';
  const evaluate = () =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { tenant: 'a', hookset: 'bad', context: stopContext },
    });
  await spoil();
  for (const answer of [await app.inject({ method: 'GET', url: set }), await evaluate()]) {
    expect([answer.statusCode, answer.json().error]).toMatchObject([
      500,
      { code: 'STORE_CORRUPT' },
    ]);
    expect(answer.json().error.message).toContain(
      '"named:bad" of the tenant a cannot be read. Remove it',
    );
  }
  expect((await app.inject({ method: 'DELETE', url: set })).statusCode).toBe(204);
  expect((await app.inject({ method: 'GET', url: set })).statusCode).toBe(404);
  await spoil();
  expect(
    (await app.inject({ method: 'PUT', url: set, payload: { hooks: {} } })).statusCode,
  ).toBeLessThan(300);
  expect((await evaluate()).statusCode).toBe(200);
});

test('a global set that cannot be read stops the agents that it joins, and no other set', async () => {
  const { hookSets } = await rig.server();
  const agent = { ...setContent(), format: 'azure-extended-agent' };
  await hookSets.put(setKey('agent'), agent, {});
  await rig.redis.use((client) =>
    client.hset(hookSetsKey('hooks', 'a'), 'global:bad', '-', 'revision', 'other'),
  );
  expect(await hookSets.resolve('a', 'agent', 1_000)).toMatchObject({
    set: { name: 'agent' },
    corruptGlobals: [expect.stringContaining('"global:bad"')],
  });
});

test.each(['x', '', '1e', 'nan'])('a sum of bytes that is %j is counted anew', async (bytes) => {
  const { hookSets } = await rig.server({ hookSetBytes: 2_000 });
  await hookSets.put(setKey('x'), setContent('y'.repeat(900)), {});
  await rig.redis.use((client) => client.hset(hookSetsKey('hooks', 'a'), 'bytes', bytes));
  expect((await hookSets.put(setKey('z'), setContent('y'.repeat(900)), {})).kind).toBe('full');
  expect(await hookSets.delete(setKey('x'), {})).toBe('deleted');
});

test('names with separators are refused; a set that has one in its facts is read', async () => {
  const stores = await rig.server();
  const { app } = appUnderTest(stores);
  const put = (query: string) =>
    app.inject({ method: 'PUT', url: `/v1/hooksets/x?tenant=a&${query}`, payload: { hooks: {} } });
  for (const odd of ['%E2%80%A8', '%E2%80%A9', '%C2%85', '%1B', '%00', '%0A', '%7F']) {
    const answer = await put(`agent=x${odd}y`);
    expect([odd, answer.statusCode, answer.json().error.code]).toEqual([
      odd,
      400,
      'INVALID_REQUEST',
    ]);
    expect(answer.json().error.message).toContain(
      'agent: must be 1 to 256 characters, none of them a control character',
    );
  }
  const content = { ...setContent(), hint: { dialect: undefined, agent: 'x\u2028y\u0085' } };
  await stores.hookSets.put(setKey('old'), content, {});
  expect((await stores.hookSets.get(setKey('old')))?.hint).toEqual({ agent: 'x\u2028y\u0085' });
});

describe('a thread', () => {
  const poison = (tenant = 'a') =>
    rig.redis.use((client) => client.set(threadKey('hooks', tenant, 't'), 'no set'));

  test('that is no set is told as such, can be removed, and leaves other threads alone', async () => {
    const { threads } = await rig.server();
    await threads.switchOn('a', 'other', 'guard');
    await poison();
    await expect(threads.active('a', 't')).rejects.toMatchObject({
      status: 500,
      code: 'STORE_CORRUPT',
    });
    await expect(threads.switchOn('a', 't', 'guard')).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    });
    expect(await threads.active('a', 'other')).toEqual(['guard']);
    await threads.switchOff('a', 't', 'guard');
    expect([await threads.active('a', 't'), await threads.switchOn('a', 't', 'guard')]).toEqual([
      [],
      'on',
    ]);
  });

  test.each(['x', '', '-5'])('is counted although the count says %j', async (count) => {
    const { threads } = await rig.server();
    await threads.switchOn('a', 't', 'guard');
    await rig.redis.use((client) => client.hset(threadSwitchesKey('hooks', 'a'), 'total', count));
    expect(await threads.switchOn('a', 't', 'other')).toBe('on');
    await threads.switchOff('a', 't', 'guard');
    expect(await threads.active('a', 't')).toEqual(['other']);
  });
});

test.each(['x', '', '1.5', '-3', '9'.repeat(30)])(
  'a count that is %j counts as none, and goes on',
  async (value) => {
    const { counters } = await rig.server();
    const key = { tenant: 'a', session: 's', name: 'n' };
    await rig.redis.use((client) =>
      client.hset(countersKey('hooks', 'a'), hashOf('s', 'n'), value),
    );
    expect(await counters.get(key)).toBe(0);
    expect([await counters.add(key), await counters.get(key)]).toEqual([1, 1]);
  },
);
