import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Targets, targetSchema } from '../../src/outbound/targets.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';

const targets = (entries: Readonly<Record<string, unknown>>, cas?: ReadonlyMap<string, string>) =>
  new Targets(z.record(z.string(), targetSchema).parse(entries), cas);
const found = (entry: Readonly<Record<string, unknown>>, url: string, tenant = 'acme') => {
  try {
    return targets({ one: { tenants: ['*'], ...entry } }).find(parseRequestUrl(url), tenant).name;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
};

describe('a target', () => {
  const hosts = ['policy.example.com'];
  it.each([
    ['has its host', { hosts }, 'https://policy.example.com/x'],
    ['has its host in any case and with a final dot', { hosts }, 'https://POLICY.example.com./x'],
    ['has all hosts below a domain', { hosts: ['*.example.com'] }, 'https://a.b.example.com/'],
    ['has its ports', { hosts, ports: [8443] }, 'https://policy.example.com:8443/'],
    ['has http where it says so', { hosts, plain: true }, 'http://policy.example.com/'],
    ['has its path', { hosts, path: '/v1' }, 'https://policy.example.com/v1'],
    ['has what is below its path', { hosts, path: '/v1' }, 'https://policy.example.com/v1/a'],
    [
      'has what is below a path with a slash',
      { hosts, path: '/v1/' },
      'https://policy.example.com/v1/a',
    ],
    ['has an address', { hosts: ['::1'] }, 'https://[::1]/'],
  ])('%s', (_, entry, url) => {
    expect(found(entry, url)).toBe('one');
  });

  it.each([
    ['another host', { hosts }, 'https://example.com/'],
    ['a host that ends like its host', { hosts }, 'https://evil-policy.example.com/'],
    ['the domain itself', { hosts: ['*.example.com'] }, 'https://example.com/'],
    ['a host that ends like its domain', { hosts: ['*.example.com'] }, 'https://evilexample.com/'],
    ['another port', { hosts }, 'https://policy.example.com:8443/'],
    ['http', { hosts }, 'http://policy.example.com/'],
    ['http at the port of https', { hosts }, 'http://policy.example.com:443/'],
    ['another path', { hosts, path: '/v1' }, 'https://policy.example.com/v10'],
    [
      'a path that leaves its own',
      { hosts, path: '/v1' },
      'https://policy.example.com/v1/%2e%2e/a',
    ],
  ])('has not %s', (_, entry, url) => {
    expect(found(entry, url)).toBe('TARGET_NOT_ALLOWED');
  });

  it.each([
    ...['..%2fadmin', '..%2Fadmin', '..%5cadmin', 'a/..%2f..%2fadmin', '..;/admin', '..;x=1/admin'],
    ...['%252e%252e%252fadmin', '..%252fadmin', '%2e.%2fadmin', '..%00/admin', '..%c0%afadmin'],
    ...['..%25252fadmin', 'a%2f..%2f..%2fadmin'],
  ])('has not what a server may read as outside its path: /v1/%s', (rest) => {
    const url = `https://policy.example.com/v1/${rest}`;
    expect(found({ hosts, path: '/v1/' }, url)).toBe('TARGET_NOT_ALLOWED');
    expect(found({ hosts }, url)).toBe('one');
  });

  it.each(['group%2Fproject', 'a..b', '...', '..rc', 'a%20b', '100%25', 'x;v=..', '%zz'])(
    'has what stands below its path: /v1/%s',
    (rest) => {
      expect(found({ hosts, path: '/v1/' }, `https://policy.example.com/v1/${rest}`)).toBe('one');
    },
  );

  it('is for its tenants only', () => {
    const entry = { hosts, tenants: ['acme'] };
    expect(found(entry, 'https://policy.example.com/', 'acme')).toBe('one');
    expect(found(entry, 'https://policy.example.com/', 'other')).toBe('TARGET_NOT_ALLOWED');
  });

  it('has the defaults of its limits, and the authorities of its file', () => {
    const list = targets(
      { one: { hosts, tenants: ['*'], caFile: 'ca.pem' } },
      new Map([['ca.pem', 'PEM']]),
    );
    expect(list.find(parseRequestUrl('https://policy.example.com/'), 'a')).toMatchObject({
      ...{ ca: 'PEM', trusted: false, requestBytes: 9 << 20, answerBytes: 1 << 20 },
      timeoutMs: Infinity,
    });
  });

  it('opens its private networks and no others', () => {
    const list = targets({
      one: { hosts, tenants: ['*'], private: ['10.20.0.0/16'], timeout: 2 },
    });
    const { rules, timeoutMs } = list.find(parseRequestUrl('https://policy.example.com/'), 'a');
    expect([rules.permits('10.20.0.1'), rules.permits('10.21.0.1'), timeoutMs]).toEqual([
      ...[true, false, 2000],
    ]);
  });
});

it('the first target that has the address counts', () => {
  const all = { tenants: ['*'], hosts: ['a.test'] };
  const list = targets({ first: { ...all, path: '/v1' }, second: all });
  const nameAt = (url: string) => list.find(parseRequestUrl(url), 'a').name;
  expect([nameAt('https://a.test/v1/x'), nameAt('https://a.test/x')]).toEqual(['first', 'second']);
});

it('a refusal names host and tenant, and neither path nor query', () => {
  const url = parseRequestUrl('https://a.test:1/hush?hush');
  expect(() => targets({}).find(url, 'acme')).toThrow(
    'No target allows https://a.test:1 with this path for tenant acme',
  );
  expect(() => targets({}).find(url, 'acme')).not.toThrow('hush');
  expect(() => targets({}).find(parseRequestUrl('http://a.test/'), 'acme')).toThrow(
    'http://a.test',
  );
});
