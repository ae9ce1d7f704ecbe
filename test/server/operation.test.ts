/** Routes and what is said of them come from the same values. */
import { type FastifyRequest, fastify } from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Operations, register } from '../../src/server/operation.ts';
import { operations } from '../../src/server/operations.ts';

const answers = { 200: {} };
const thing = {
  read: {
    method: 'get',
    path: '/things/{name}/{part}',
    about: 'One part.',
    role: 'evaluate',
    params: z.object({ name: z.string(), part: z.string().max(3) }),
    query: z.strictObject({ most: z.string().transform(Number).optional() }),
    answers,
  },
  write: { method: 'put', path: '/things', about: 'All.', role: 'public', heavy: true, answers },
} as const satisfies Operations;

function app() {
  const made = fastify();
  made.decorateRequest('caller', null as unknown as FastifyRequest['caller']);
  made.decorateRequest('places', null);
  register(made, thing, {
    read: ({ params, query }) => ({ params, query }),
    write: async ({ request, reply, params, query }) => {
      const { operation } = request.routeOptions.config;
      return reply
        .code(201)
        .send({ isOwn: operation === thing.write, rest: [params ?? 'none', query ?? 'none'] });
    },
  });
  return made;
}

test('a handler gets path and query as the operation says, and none where it says none', async () => {
  const read = await app().inject({ method: 'GET', url: '/things/a/b?most=5' });
  expect(read.json()).toEqual({ params: { name: 'a', part: 'b' }, query: { most: 5 } });
  const written = await app().inject({ method: 'PUT', url: '/things?most=5' });
  expect([written.statusCode, written.json()]).toEqual([
    201,
    { isOwn: true, rest: ['none', 'none'] },
  ]);
});

test.each(['/things/a/long', '/things/a/b?other=1'])(
  '%s is refused before its handler',
  async (url) => {
    const answer = await app().inject({ method: 'GET', url });
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'INVALID_REQUEST' }]);
  },
);

test.each(
  operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const),
)(
  '%s describes the parameters of its path, and at least one success',
  (_, { path, params, answers: all }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params?.shape ?? {})).toEqual(names);
    expect(Object.keys(all).some((status) => /^[23]/.test(status))).toBe(true);
  },
);
