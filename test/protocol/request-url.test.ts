import { describe, expect, it } from 'vitest';
import { hostHeader, parseRequestUrl, shownUrl } from '../../src/protocol/request-url.ts';

describe('an address is parsed to', () => {
  it.each([
    ['https://Policy.Example.com/a?b=c', true, 'policy.example.com', 443, '/a', '?b=c'],
    ['https://policy.example.com.:8443', true, 'policy.example.com', 8443, '/', ''],
    ['http://127.1/', false, '127.0.0.1', 80, '/', ''],
    ['http://[::FFFF:127.0.0.1]:81/x/../y', false, '::ffff:7f00:1', 81, '/y', ''],
    ['https://bücher.example/', true, 'xn--bcher-kva.example', 443, '/', ''],
    ['https://h/%2e%2e/a', true, 'h', 443, '/a', ''],
    ['https://xn--bcher-kva.example/', true, 'xn--bcher-kva.example', 443, '/', ''],
    ['https://ＬＯＣＡＬＨＯＳＴ/', true, 'localhost', 443, '/', ''],
    ['https://127。0。0。1/', true, '127.0.0.1', 443, '/', ''],
    ['https://policy\u00ad.example.com/', true, 'policy.example.com', 443, '/', ''],
    ['https:\\\\h\\a', true, 'h', 443, '/a', ''],
    ['https:h/a', true, 'h', 443, '/a', ''],
    ['ht\ntps://h/\ta', true, 'h', 443, '/a', ''],
    ['https://0300.0250.1/', true, '192.168.0.1', 443, '/', ''],
    ['https://0xa.1/', true, '10.0.0.1', 443, '/', ''],
    ['https://h:0443/', true, 'h', 443, '/', ''],
  ])('%s', (text, isTls, host, port, path, search) => {
    expect(parseRequestUrl(text)).toEqual({ isTls, host, port, path, search });
  });
});

describe('an address is refused where it', () => {
  it.each([
    ['/check?key=hush', 'is no address'],
    ['https://[fe80::1%25eth0]/?key=hush', 'is no address'],
    ['https://[fe80::1%eth0]/?key=hush', 'is no address'],
    ['https://[::1/hush', 'is no address'],
    ['https://256.0.0.1/hush', 'is no address'],
    ['https://1.2.3.4.5/hush', 'is no address'],
    ['https://0x100000000/hush', 'is no address'],
    ['https://h:65536/hush', 'is no address'],
    ['https://h:-1/hush', 'is no address'],
    ['https://h%2fevil/hush', 'is no address'],
    ['https://h%00/hush', 'is no address'],
    ['https:///', 'is no address'],
    ['https://h@evil@h/hush', 'a user or a password'],
    ['https://policy.example.com\\@evil/#hush', 'a fragment'],
    ['ftp://h/hush', 'must begin with https://'],
    ['https://hush@h/', 'a user or a password'],
    ['https://:hush@h/', 'a user or a password'],
    ['https://h/#hush', 'a fragment'],
    [`https://h/${'hush'.repeat(600)}`, 'more than 2048 characters'],
  ])('%s', (text, why) => {
    expect(() => parseRequestUrl(text)).toThrow(why);
    expect(() => parseRequestUrl(text)).not.toThrow('hush');
  });
});

it.each([
  ['https://h:443/', 'h'],
  ['https://h:80/', 'h:80'],
  ['http://h/', 'h'],
  ['http://[::1]:8080/', '[::1]:8080'],
])('the Host header of %s is %s', (text, header) => {
  expect(hostHeader(parseRequestUrl(text))).toBe(header);
});

it('an address is shown without its query', () => {
  expect(shownUrl(parseRequestUrl('https://h/a?key=hush'))).toBe('https://h/a');
  expect(shownUrl(parseRequestUrl('http://h/a'))).toBe('http://h/a');
});
