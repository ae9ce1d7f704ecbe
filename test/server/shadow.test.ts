/** Shadow hooks behind the routes: their records, their counts and GET /v1/shadow. */
import { expect, test, vi } from 'vitest';
import type { ShadowStore } from '../../src/server/shadow-store.ts';
import { appUnderTest, stopContext } from './app-under-test.ts';

const hooks = {
  Stop: [
    { name: 'guard', script: 'exit 0' },
    { name: 'new', script: 'exit 2', shadow: true },
  ],
};

async function server(options: Parameters<typeof appUnderTest>[0] = {}) {
  const rig = appUnderTest(options);
  const call = (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) =>
    rig.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  await call('PUT', '/v1/hooksets/one', { hooks });
  const ask = async (asked: object = { hookset: 'one' }) =>
    (await call('POST', '/v1/evaluate', { context: stopContext, ...asked })).json();
  const counts = async (query = 'hookset=one') => (await call('GET', `/v1/shadow?${query}`)).json();
  return { ...rig, call, ask, counts };
}

test('its result is no part of the answer, and is recorded and counted behind it', async () => {
  const { ask, counts, records, call } = await server();
  const answer = await ask();
  expect(answer).toMatchObject({ decision: 'none', skipped: [], diagnostics: [] });
  expect(answer.results.map(({ hook }: { hook: string }) => hook)).toEqual(['guard']);
  await vi.waitFor(() => expect(records).toHaveLength(2));
  const shadow = records.find((record) => record.shadow === true);
  expect(shadow).toMatchObject({ id: answer.evaluationId, decision: 'none', hookset: 'one' });
  expect(shadow?.async).toBeUndefined();
  expect(shadow?.hooks).toMatchObject([{ hook: 'new', decision: 'block', kind: 'command' }]);
  expect(records.find((record) => record.shadow !== true)?.hooks).toHaveLength(1);
  await ask();
  await vi.waitFor(async () =>
    expect(await counts()).toEqual({
      hookset: 'one',
      hooks: [
        {
          event: 'Stop',
          hook: 'new',
          actionSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          ...{ agreed: 0, stricter: 2, milder: 0, failed: 0 },
          firstAt: expect.any(String),
          lastAt: expect.any(String),
        },
      ],
    }),
  );
  const { body } = await call('GET', '/metrics');
  expect(body).toContain('hookpool_shadow_total{agreement="stricter"} 2');
});

test('another tenant and another set have counts of their own', async () => {
  const { ask, counts, records } = await server();
  await ask();
  await vi.waitFor(() => expect(records).toHaveLength(2));
  expect(await counts('hookset=one&tenant=other')).toEqual({ hookset: 'one', hooks: [] });
  expect(await counts('hookset=two')).toEqual({ hookset: 'two', hooks: [] });
});

test('hooks that come with the request are recorded and not counted', async () => {
  const add = vi.fn(async () => undefined);
  const shadows: ShadowStore = { add, list: async () => [] };
  const { ask, records } = await server({ shadows });
  await ask({ hooks });
  await vi.waitFor(() => expect(records.some(({ shadow }) => shadow)).toBe(true));
  expect(add).not.toHaveBeenCalled();
});

test('a store that fails costs nothing but the count', async () => {
  const shadows: ShadowStore = {
    add: () => Promise.reject(new Error('away')),
    list: async () => [],
  };
  const { ask, records, app } = await server({ shadows });
  expect((await ask()).decision).toBe('none');
  await vi.waitFor(() => expect(records).toHaveLength(2));
  await app.close();
});

test('a replay starts no shadow hook', async () => {
  const { ask, call, records, jobs } = await server({ keepContexts: true });
  const { evaluationId } = await ask();
  await vi.waitFor(() => expect(records).toHaveLength(2));
  const started = jobs.length;
  const again = await call('POST', `/v1/evaluations/${evaluationId}/replay`);
  expect(again.json()).toMatchObject({ same: true });
  expect(jobs.slice(started).map(({ hook }) => hook.name)).toEqual(['guard']);
});

test.each([
  ['', 400],
  ['hookset=', 400],
  ['hookset=a/b', 400],
  ['hookset=one&x=1', 400],
])('GET /v1/shadow?%s is %i', async (query, status) => {
  const { call } = await server();
  expect((await call('GET', `/v1/shadow?${query}`)).statusCode).toBe(status);
});
