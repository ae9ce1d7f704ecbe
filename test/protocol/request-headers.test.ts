import { describe, expect, it } from 'vitest';
import { headerNameProblem, isHeaderValue } from '../../src/protocol/request-headers.ts';

describe('a hook may set the header', () => {
  it.each(['Authorization', 'X-Api-Key', 'content-type', 'accept', 'X_Mine', 'X-Original-Id'])(
    '%s',
    (name) => {
      expect(headerNameProblem(name)).toBeUndefined();
    },
  );
});

describe('a hook cannot set the header', () => {
  it.each([
    ...['Host', 'Content-Length', 'content-encoding', 'Transfer-Encoding', 'Connection', 'Upgrade'],
    ...['TE', 'Trailer', 'Expect', 'Cookie', 'Forwarded', 'Proxy-Authorization', 'X-Forwarded-For'],
    ...['Accept-Encoding', 'Idempotency-Key', 'webhook-signature', 'User-Agent', 'Via'],
    ...['X_Forwarded_For', 'Content_Length', 'x-forwarded_proto', 'Sec_Fetch_Site'],
    ...['X-Original-URL', 'X-Rewrite-URL', 'X-Original-Host', 'X-Host', 'X-HTTP-Method-Override'],
    ...['X-Method-Override', 'X-HTTP-Method', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP'],
    ...['CF-Connecting-IP', 'X-Cluster-Client-IP', 'X-Remote-Addr', 'X_Real_IP'],
  ])('%s', (name) => {
    expect(headerNameProblem(name)).toContain('A hook cannot set the header');
  });
});

it.each(['', 'a b', 'a:', 'a\r\nb', 'ä', 'x'.repeat(129)])('%j is no name of a header', (name) => {
  expect(headerNameProblem(name)).toContain('no name of a header');
});

it.each([
  ['Bearer a', true],
  ['', true],
  ['a\tb', true],
  ['a\r\nb: c', false],
  ['a\nb', false],
  ['a\0', false],
  ['ä', false],
  ['a\u2028', false],
])('%j can be a value: %s', (text, can) => {
  expect(isHeaderValue(text)).toBe(can);
});
