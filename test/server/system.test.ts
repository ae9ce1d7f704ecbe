import { expect, test } from 'vitest';
import type { CommandJob } from '../../src/protocol/job.ts';
import { operations } from '../../src/server/operations.ts';
import { appUnderTest, fakeRun, stopContext, stopHook } from './app-under-test.ts';

test('every route is an operation of the OpenAPI document, and every operation a route', async () => {
  const { app } = appUnderTest();
  await app.ready();
  const document = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
  const described = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${url}`),
  );
  expect(described.toSorted()).toEqual(
    operations.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
  for (const { method, path } of operations) {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    expect(app.hasRoute({ method: method.toUpperCase() as 'GET', url }), `${method} ${url}`).toBe(
      true,
    );
  }
  const routes =
    app
      .printRoutes({ commonPrefix: false })
      .match(/\((?:GET|PUT|POST|DELETE|HEAD|, )+\)/g)
      ?.join() ?? '';
  expect(routes.match(/GET|PUT|POST|DELETE/g)?.length).toBe(operations.length);
});

test('the OpenAPI document has what a client needs, and no operation twice', async () => {
  const { app } = appUnderTest();
  const { openapi, info, paths } = (
    await app.inject({ method: 'GET', url: '/openapi.json' })
  ).json();
  expect([openapi, info.version]).toEqual(['3.1.0', '1.2.3']);
  const evaluate = paths['/v1/evaluate'].post;
  expect(evaluate.requestBody.content['application/json'].schema.required).toEqual(['context']);
  expect(
    evaluate.responses['200'].content['application/json'].schema.properties.decision.enum,
  ).toContain('block');
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods as object).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(operations.length);
});

test('the OpenAPI document has the headers, the queries and the statuses of each operation', async () => {
  const { app } = appUnderTest();
  const { paths } = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
  const of = (path: string, method: string) => {
    const { parameters, responses } = paths[path][method];
    const names = parameters.map(
      (one: { readonly name: string; readonly in: string }) => `${one.in} ${one.name}`,
    );
    return [names, Object.keys(responses)];
  };
  const onSet = [
    'path name',
    'query dialect',
    'query agent',
    'query failMode',
    'query tenant',
    'header If-Match',
    'header If-None-Match',
  ];
  const ofAll = ['400', '401', '403'];
  expect(of('/v1/hooksets/{name}', 'put')).toEqual([
    onSet,
    ['200', '201', ...ofAll, '412', '413', '415', '503', '507'],
  ]);
  expect(of('/v1/run', 'post')).toEqual([[], ['200', ...ofAll, '413', '415', '503']]);
  expect(of('/readyz', 'get')).toEqual([[], ['200', '503']]);
  const created = paths['/v1/hooksets/{name}'].put.responses['201'];
  expect(created.content['application/json'].schema.properties).toHaveProperty('etag');
});

test('the page for people loads nothing from anywhere', async () => {
  const { app } = appUnderTest();
  const { body, headers } = await app.inject({ method: 'GET', url: '/docs' });
  expect(headers['content-type']).toContain('text/html');
  expect(body).toContain('/v1/evaluate');
  expect(body).not.toMatch(/https?:|<script|<link|<img/);
});

test('readyz says why not', async () => {
  const { app } = appUnderTest({
    backend: { whyNotReady: async () => 'No sandbox can be made: no image.' },
  });
  const answer = await app.inject({ method: 'GET', url: '/readyz' });
  expect([answer.statusCode, answer.json().reason]).toEqual([
    503,
    'No sandbox can be made: no image.',
  ]);
  const broken = appUnderTest({
    backend: { whyNotReady: () => Promise.reject(new Error('Redis is away')) },
  });
  expect((await broken.app.inject({ method: 'GET', url: '/readyz' })).json().reason).toBe(
    'Redis is away',
  );
});

test('metrics count evaluations by decision and cause, and the steps of hooks', async () => {
  const { app } = appUnderTest();
  for (const [script, failMode] of [
    ['exit 2', 'allow'],
    ['exit 2', 'allow'],
    ['exit 1', 'block'],
    ['exit 0', 'allow'],
  ]) {
    const payload = { context: stopContext, hooks: stopHook(String(script), { failMode }) };
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  }
  const { body, headers } = await app.inject({ method: 'GET', url: '/metrics' });
  expect(headers['content-type']).toContain('text/plain');
  for (const line of [
    'hookpool_evaluations_total{decision="block",cause="exit-code"} 2',
    'hookpool_evaluations_total{decision="block",cause="HOOK_EXIT_CODE"} 1',
    'hookpool_evaluations_total{decision="none",cause="none"} 1',
    'hookpool_runs_total{status="exited",profile="none"} 4',
    'hookpool_evaluation_seconds_count 4',
    'hookpool_hook_queue_seconds_count 4',
    'hookpool_hook_lease_seconds_count 4',
    'hookpool_hook_run_seconds_count 4',
    'hookpool_hook_total_seconds_count 4',
  ]) {
    expect(body).toContain(line);
  }
});

test('runs are counted by profile; names that are not in the list share one series', async () => {
  for (const [profile, label] of [
    ['full', 'full'],
    ['other', 'unlisted'],
  ] as const) {
    const run = async (job: CommandJob) => ({
      ...(await fakeRun(job)),
      ranIn: { container: 'c', profile },
    });
    const { app } = appUnderTest({ backend: { run } });
    const payload = { context: stopContext, hooks: stopHook('exit 0') };
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    const { body } = await app.inject({ method: 'GET', url: '/metrics' });
    expect(body).toContain(`hookpool_runs_total{status="exited",profile="${label}"} 1`);
  }
});

test('a request id of the caller is passed on, a strange one replaced', async () => {
  const { app } = appUnderTest();
  const id = async (given: string) =>
    (await app.inject({ method: 'GET', url: '/healthz', headers: { 'x-request-id': given } }))
      .headers['x-request-id'];
  expect(await id('abc-1')).toBe('abc-1');
  expect(await id('a b')).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['GET', '/nope', 404, 'NOT_FOUND'],
  ['DELETE', '/v1/evaluate', 404, 'NOT_FOUND'],
  ['GET', '/v1/hooksets/%ff', 400, 'INVALID_REQUEST'],
  ['GET', '/v1/hooksets/..', 404, 'NOT_FOUND'],
  ['GET', '/v1/hooksets/a%2Fb', 400, 'INVALID_REQUEST'],
  ['GET', '/v1/hooksets?x=1', 400, 'INVALID_REQUEST'],
] as const)('%s %s is %d %s', async (method, url, status, code) => {
  const { app } = appUnderTest();
  const answer = await app.inject({ method, url });
  expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
});

test('after close() nothing is accepted', async () => {
  const { app } = appUnderTest();
  await app.ready();
  await app.close();
  const payload = { context: stopContext, hooks: stopHook('exit 0') };
  const asked = app
    .inject({ method: 'POST', url: '/v1/evaluate', payload })
    .then(({ statusCode }) => statusCode);
  expect(await asked.catch(() => 503)).toBe(503);
});

test('a bug is 500 without its text', async () => {
  const { app } = appUnderTest({
    backend: { runScript: () => Promise.reject(new Error('the-secret')) },
  });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/run',
    payload: { script: 'exit 0' },
  });
  expect([answer.statusCode, answer.json().error]).toMatchObject([500, { code: 'INTERNAL' }]);
  expect(answer.body).not.toContain('the-secret');
});

test('the API says that agents get 200 for every failure, and which header tells it', async () => {
  const { app } = appUnderTest();
  const { paths } = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
  const { 200: answer, ...errors } = paths['/v1/native/{dialect}'].post.responses;
  expect(answer.headers).toHaveProperty('hookpool-error');
  expect(Object.keys(errors)).toEqual(['400', '401', '403', '503']);
  for (const { description } of Object.values<{ description: string }>(errors))
    expect(description).toContain('Only for a dialect whose agent sends no http hooks');
});
