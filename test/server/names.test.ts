import { expect, test } from 'vitest';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const odd = ['\u0000', '\n', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029'];
const places: [string, 'GET' | 'PUT' | 'POST' | 'DELETE', (name: string) => string][] = [
  ['a hook set', 'PUT', (name) => `/v1/hooksets/${name}`],
  ['a hook set that is read', 'GET', (name) => `/v1/hooksets/${name}`],
  ['an agent', 'DELETE', (name) => `/api/v2/extendedAgent/agents/${name}`],
  ['a global hook', 'GET', (name) => `/api/v2/extendedAgent/hooks/${name}`],
  ['the agent of a document', 'PUT', (name) => `/v1/hooksets/x?agent=${name}`],
  ['the dialect of a document', 'PUT', (name) => `/v1/hooksets/x?dialect=${name}`],
  ['a tenant', 'GET', (name) => `/v1/hooksets?tenant=${name}`],
  ['a thread', 'PUT', (name) => `/v1/threads/${name}/hooks/x`],
  ['a hook', 'PUT', (name) => `/v1/threads/x/hooks/${name}`],
  ['an evaluation', 'GET', (name) => `/v1/evaluations/${name}`],
  ['an evaluation that is replayed', 'POST', (name) => `/v1/evaluations/${name}/replay`],
  ...['dialect', 'event', 'hookset', 'thread', 'agent', 'tenant'].map(
    (field): [string, 'POST', (name: string) => string] => [
      `${field} of /v1/hook`,
      'POST',
      (name) => {
        const query = new URLSearchParams({
          dialect: 'azure',
          ...(field === 'hookset' ? {} : { contextBytes: '2' }),
        });
        query.delete(field);
        return `/v1/hook?${query}&${field}=${name}`;
      },
    ],
  ),
];

test.each(places)(
  'the name of %s has no control character and no line separator',
  async (_, method, url) => {
    const { app } = appUnderTest();
    const body = method === 'PUT' || method === 'POST' ? { payload: { hooks: {} } } : {};
    for (const character of odd) {
      const answer = await app.inject({
        method,
        url: url(encodeURIComponent(`a${character}b`)),
        ...body,
      });
      expect([character, answer.statusCode, answer.json().error.code]).toEqual([
        character,
        400,
        'INVALID_REQUEST',
      ]);
    }
  },
);

test.each(['dialect', 'event', 'thread', 'evaluationId', 'hookset', 'agent', 'tenant', 'active'])(
  'the %s of an evaluation has none either, and no half of a surrogate pair',
  async (field) => {
    const { app } = appUnderTest();
    for (const character of [...odd, '\ud800', '\udc00']) {
      const name = `a${character}b`;
      const hooks = field === 'hookset' || field === 'agent' ? {} : { hooks: stopHook('exit 0') };
      const document = field === 'agent' ? { document: {} } : {};
      const payload = {
        context: stopContext,
        ...hooks,
        ...document,
        [field]: field === 'active' ? [name] : name,
      };
      const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
      expect([character, answer.statusCode, answer.json().error.pointer]).toEqual([
        character,
        400,
        field === 'active' ? '/active/0' : `/${field}`,
      ]);
    }
  },
);

test('names of agents and conversations in any language are names', async () => {
  const { app } = appUnderTest();
  const thread = encodeURIComponent('19:日本語 é😀@thread.v2');
  expect(
    (await app.inject({ method: 'PUT', url: `/v1/threads/${thread}/hooks/${thread}` })).statusCode,
  ).toBe(204);
});
