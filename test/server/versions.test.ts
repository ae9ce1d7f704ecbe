import { expect, test } from 'vitest';
import { parseTokens } from '../../src/server/auth.ts';
import { versionsAnswer } from '../../src/server/console-schemas.ts';
import { memoryStores } from '../../src/server/memory-stores.ts';
import { appUnderTest, stopHook } from './app-under-test.ts';

const tokens = parseTokens(
  'tokens.yaml',
  `- {token: blue-token-0123456789, tenant: blue, role: admin, name: Ada}
- {token: red-token-0123456789, tenant: red, role: admin}
`,
);

function server(stores: Parameters<typeof appUnderTest>[0] = {}) {
  const { app } = appUnderTest({ tokens, ...stores });
  const call = (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object, who = 'blue') =>
    app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${who}-token-0123456789` },
      ...(payload === undefined ? {} : { payload }),
    });
  const put = (script: string) => call('PUT', '/v1/hooksets/a', { hooks: stopHook(script) });
  const versions = async () => {
    const answer = await call('GET', '/v1/hooksets/a/versions');
    return versionsAnswer.parse(answer.json()).versions;
  };
  return { call, put, versions };
}

test('the last 20 versions are kept, with who stored each and when', async () => {
  const { call, put, versions } = server();
  for (let n = 1; n <= 22; n++) expect((await put(`exit ${n}`)).statusCode).toBeLessThan(300);
  const kept = await versions();
  expect(kept.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, n) => 22 - n));
  expect(kept[0]).toMatchObject({ by: 'Ada', format: 'hookpool', dialect: 'azure', hookCount: 1 });
  const third = await call('GET', '/v1/hooksets/a?version=3');
  expect([third.json().hooks.Stop[0].script, third.headers['x-hookpool-version']]).toEqual([
    'exit 3',
    '3',
  ]);
  expect((await call('GET', '/v1/hooksets/a?version=2')).statusCode).toBe(404);
  expect((await call('GET', '/v1/hooksets')).json().hooksets[0]).toMatchObject({ by: 'Ada' });
});

test('a set that was removed has left no versions, and the next one starts anew', async () => {
  const { call, put, versions } = server();
  await put('exit 1');
  await put('exit 2');
  expect((await call('DELETE', '/v1/hooksets/a')).statusCode).toBe(204);
  expect((await call('GET', '/v1/hooksets/a/versions')).statusCode).toBe(404);
  expect((await call('GET', '/v1/hooksets/a?version=2')).statusCode).toBe(404);
  await put('exit 3');
  expect((await versions()).map(({ version }) => version)).toEqual([1]);
});

test('no tenant sees the versions of another one', async () => {
  const { call, put } = server();
  await put('exit 1');
  expect((await call('GET', '/v1/hooksets/a/versions', undefined, 'red')).statusCode).toBe(404);
  expect((await call('GET', '/v1/hooksets/a?version=1', undefined, 'red')).statusCode).toBe(404);
});

test('a version that cannot be kept costs nobody the change', async () => {
  const { versions } = memoryStores();
  versions.keep = () => Promise.reject(new Error('full'));
  const { put } = server({ versions });
  expect((await put('exit 1')).statusCode).toBe(201);
});
