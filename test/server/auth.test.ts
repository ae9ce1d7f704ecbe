import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { identify, parseTokens } from '../../src/server/auth.ts';
import { isLoopback } from '../../src/server/loopback.ts';
import { operations } from '../../src/server/operations.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const runnerToken = 'runner-token-0123456789';
const adminToken = 'admin-token-0123456789';
const gatewayToken = 'gateway-token-0123456789';
const urgentToken = 'urgent-token-0123456789';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const tokens = parseTokens(
  'tokens.yaml',
  `- {token: ${runnerToken}, tenant: blue, role: evaluate}
- {tokenSha256: ${sha256(adminToken).toUpperCase()}, tenant: blue, role: admin}
- {token: ${gatewayToken}, tenant: "*", role: evaluate}
- {token: ${urgentToken}, tenant: blue, role: evaluate, urgent: true}
`,
);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const evaluate = { context: stopContext, hooks: stopHook('exit 2') };

test.each([
  ['POST', '/v1/evaluate', undefined, 401],
  ['POST', '/v1/evaluate', 'Basic abc', 401],
  ['POST', '/v1/evaluate', 'Bearer wrong-token-0123456789', 401],
  ['POST', '/v1/evaluate', `Bearer ${runnerToken}`, 200],
  ['POST', '/v1/evaluate', `bearer  ${adminToken}`, 200],
  ['POST', '/v1/run', undefined, 401],
  ['GET', '/v1/hooksets', `Bearer ${runnerToken}`, 403],
  ['GET', '/v1/hooksets', `Bearer ${adminToken}`, 200],
  ['GET', '/v1/hooksets?tenant=red', `Bearer ${adminToken}`, 403],
  ['PUT', '/v1/hooksets/x', `Bearer ${runnerToken}`, 403],
  ['PUT', '/api/v2/extendedAgent/agents/x', `Bearer ${runnerToken}`, 403],
  ['GET', '/v1/evaluations/x', `Bearer ${runnerToken}`, 403],
  ['POST', '/v1/evaluations/x/replay', `Bearer ${runnerToken}`, 403],
  ['GET', '/v1/evaluations/x', `Bearer ${adminToken}`, 404],
  ['GET', '/v1/threads/x/hooks', `Bearer ${runnerToken}`, 200],
  ['GET', '/v1/threads/x/hooks?tenant=red', `Bearer ${runnerToken}`, 403],
  ['GET', '/metrics', undefined, 401],
  ['GET', '/metrics', `Bearer ${runnerToken}`, 200],
  ['GET', '/healthz', undefined, 200],
  ['GET', '/readyz', undefined, 200],
  ['GET', '/openapi.json', undefined, 200],
  ['GET', '/docs', undefined, 200],
] as const)('%s %s with %s is %d', async (method, url, authorization, status) => {
  const { app } = appUnderTest({ tokens });
  const headers = authorization === undefined ? {} : { authorization };
  const payload = url === '/v1/evaluate' ? { payload: evaluate } : {};
  const answer = await app.inject({ method, url, headers, ...payload });
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
});

test('tokens are asked for through a unix socket too', () => {
  const request = { hostname: 'hooks.example', headers: {} } as FastifyRequest;
  expect(() => identify([], request)).toThrow(/loopback host/);
  expect(identify([], request, true)).toMatchObject({ tenant: '*', role: 'admin' });
  expect(() => identify(tokens, request, true)).toThrow(/Send Authorization/);
});

test.each([
  [runnerToken, 'urgent', 403, '/priority'],
  [runnerToken, 'normal', 200, undefined],
  [urgentToken, 'urgent', 200, undefined],
])('urgent is what the token allows: %s asks for %s', async (token, priority, status, pointer) => {
  const { app } = appUnderTest({ tokens });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    headers: bearer(token),
    payload: { ...evaluate, priority },
  });
  expect([answer.statusCode, answer.json().error?.pointer]).toEqual([status, pointer]);
});

describe('the tenant', () => {
  const ask = async (token: string, tenant?: string) => {
    const { app, jobs } = appUnderTest({ tokens });
    const payload = { ...evaluate, ...(tenant === undefined ? {} : { tenant }) };
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      headers: bearer(token),
      payload,
    });
    return [answer.statusCode, jobs[0]?.tenant ?? answer.json().error.pointer];
  };

  test.each([
    [runnerToken, undefined, 200, 'blue'],
    [runnerToken, 'blue', 200, 'blue'],
    [runnerToken, 'red', 403, '/tenant'],
    [gatewayToken, 'red', 200, 'red'],
    [gatewayToken, undefined, 200, 'default'],
  ])("is the token's: %s asks for %s", async (token, tenant, status, outcome) => {
    expect(await ask(token, tenant)).toEqual([status, outcome]);
  });
});

test('without tokens a request to a foreign host name is refused: it comes from a web page', async () => {
  const { app } = appUnderTest();
  const ask = async (host: string) =>
    (await app.inject({ method: 'GET', url: '/v1/hooksets', headers: { host } })).statusCode;
  expect([
    await ask('127.0.0.1:4665'),
    await ask('[::1]:4665'),
    await ask('evil.example:4665'),
  ]).toEqual([200, 200, 403]);
});

describe('without tokens, a request that changes something', () => {
  const changes = operations.filter(({ method }) => method !== 'get');
  const ask = async (method: string, url: string, headers: object, options = {}) => {
    const { app } = appUnderTest(options);
    const answer = await app.inject({
      method: method as 'PUT',
      url,
      headers: { host: '127.0.0.1:4665', ...headers },
    });
    return [answer.statusCode, answer.body] as const;
  };
  const urlOf = (place: string) => place.replace(/\{\w+\}/g, 'x');

  test.each(changes.map(({ method, path }) => [method.toUpperCase(), urlOf(path)]))(
    '%s %s is refused from a page of another origin, whatever its body',
    async (method, url) => {
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        // Another port of this machine is another origin, but the same site.
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': '' },
        { origin: 'https://evil.example' },
        { origin: 'http://127.0.0.1:3000' },
        { origin: 'http://localhost:4665' },
        { origin: 'null' },
        { origin: '' },
        { origin: 'http://127.0.0.1:4665', 'sec-fetch-site': 'cross-site' },
        { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      ]) {
        const [status, body] = await ask(method, url, headers);
        expect([headers, status, body]).toEqual([
          headers,
          403,
          expect.stringContaining('A web page of another origin'),
        ]);
      }
    },
  );

  test('is answered to who is no browser, and to a page of this server', async () => {
    for (const headers of [
      {},
      { origin: 'http://127.0.0.1:4665' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:4665' },
      { host: 'localhost', origin: 'http://LOCALHOST:80' },
      { host: '[::1]:4665', origin: 'http://[::1]:4665' },
    ]) {
      expect([headers, (await ask('PUT', '/v1/threads/t/hooks/x', headers))[0]]).toEqual([
        headers,
        204,
      ]);
    }
  });

  test('is left to the token where there are tokens, and reading to the host', async () => {
    const headers = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    const withToken = { ...headers, ...bearer(runnerToken) };
    expect((await ask('PUT', '/v1/threads/t/hooks/x', withToken, { tokens }))[0]).toBe(204);
    expect((await ask('GET', '/v1/hooksets', headers))[0]).toBe(200);
  });
});

test.each([
  ['[]', 'at least one'],
  ['- {token: short, tenant: a, role: admin}', '16 characters'],
  ['- {tenant: a, role: admin}', 'either token or tokenSha256'],
  [
    `- {token: ${runnerToken}, tokenSha256: ${sha256('x')}, tenant: a, role: admin}`,
    'either token or tokenSha256',
  ],
  [`- {token: ${runnerToken}, tenant: a b, role: admin}`, 'tenant'],
  [`- {token: ${runnerToken}, tenant: a, role: root}`, 'role'],
  [`- {token: ${runnerToken}, tenant: a, role: admin, more: 1}`, 'more'],
  [`- {token: ${runnerToken}`, 'tokens.yaml'],
])('the token list %s is refused without telling a token', (text, said) => {
  expect(() => parseTokens('tokens.yaml', text)).toThrow(
    expect.objectContaining({ code: 'INVALID_CONFIG' }),
  );
  expect(() => parseTokens('tokens.yaml', text)).toThrow(said);
  expect(() => parseTokens('tokens.yaml', text)).not.toThrow(runnerToken);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.0.0.1.evil.example', false],
])('%s is a loopback address: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
