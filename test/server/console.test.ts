import { expect, it } from 'vitest';
import type { ConsoleFiles } from '../../src/server/routes/console-page.ts';
import { appUnderTest } from './app-under-test.ts';

const file = (type: string, text: string) => ({
  type,
  plain: Buffer.from(text),
  gzip: Buffer.from(`gzip ${text}`),
  brotli: Buffer.from(`br ${text}`),
});
const files: ConsoleFiles = new Map([
  ['index.html', file('text/html; charset=utf-8', '<page>')],
  ['assets/a-1.js', file('text/javascript; charset=utf-8', 'code')],
]);
const tokens = [{ sha256: Buffer.alloc(32), tenant: 'a', role: 'admin', urgent: false } as const];

const get = (url: string, headers: Record<string, string> = {}, console: ConsoleFiles = files) =>
  appUnderTest({ console, tokens }).app.inject({ method: 'GET', url, headers });

it('the console is sent without a token, under a policy that runs nothing of a script', async () => {
  const { statusCode, body, headers } = await get('/console/');
  expect([statusCode, body]).toEqual([200, '<page>']);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
});

it.each([
  ['br, gzip', 'br', 'br code'],
  ['gzip, deflate', 'gzip', 'gzip code'],
  ['br;q=0, gzip', 'gzip', 'gzip code'],
  ['br; q=0.0', undefined, 'code'],
  ['br;q=0.5', 'br', 'br code'],
  ['identity', undefined, 'code'],
])('a browser that accepts %s gets the file as %s', async (accepted, encoding, body) => {
  const answer = await get('/console/assets/a-1.js', { 'accept-encoding': accepted });
  expect(answer.headers['content-encoding']).toBe(encoding);
  expect(answer.body).toBe(body);
  expect(answer.headers['cache-control']).toContain('immutable');
  expect(answer.headers['vary']).toBe('accept-encoding');
});

it.each(['/console/assets/none.js', '/console/assets/..%2Findex.html'])(
  '%s is not there, and its absence is not cached',
  async (url) => {
    const { statusCode, headers } = await get(url);
    expect(statusCode).toBe(404);
    expect(headers['cache-control']).toBeUndefined();
  },
);

it('a server that was built without a console says so', async () => {
  const { statusCode, body } = await get('/console/', {}, new Map());
  expect(statusCode).toBe(404);
  expect(body).toContain('console');
});

it('the address without a slash leads to the page', async () => {
  const { statusCode, headers } = await get('/console');
  expect([statusCode, headers['location']]).toEqual([308, '/console/']);
});
