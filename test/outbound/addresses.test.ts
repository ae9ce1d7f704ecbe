import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRules, networkProblem } from '../../src/outbound/addresses.ts';

const publicRules = new AddressRules();

describe('a connection may go to a public address:', () => {
  it.each([
    ...['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
    ...['126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255'],
    ...['172.32.0.0', '192.0.1.0', '192.0.3.0', '192.167.255.255', '192.169.0.0'],
    ...['198.17.255.255', '198.20.0.0', '203.0.114.0', '223.255.255.255'],
    ...['2001:4860:4860::8888', '2606:4700::1111', '2a00:1450:4001::1', '2001:200::1'],
  ])('%s', (address) => {
    expect(publicRules.permits(address)).toBe(true);
  });
});

describe('a connection never goes by itself to', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrier NAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.169.254', 'metadata'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'protocol assignments'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarks'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['168.63.129.16', 'the host at Azure'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::7f00:1', 'IPv4-compatible loopback'],
    ['::127.0.0.1', 'IPv4-compatible loopback'],
    ['::8.8.8.8', 'IPv4-compatible, even of a public address'],
    ['::ffff:127.0.0.1', 'mapped loopback'],
    ['::ffff:7f00:1', 'mapped loopback'],
    ['0:0:0:0:0:ffff:127.0.0.1', 'mapped loopback, written out'],
    ['::ffff:8.8.8.8', 'mapped, even of a public address'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::7f00:1', 'local NAT64'],
    ['100::1', 'discard'],
    ['2001::1', 'Teredo'],
    ['2001:10::1', 'ORCHID'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4 of loopback'],
    ['3fff::1', 'documentation'],
    ['5f00::1', 'segment routing'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
  ])('%s (%s)', (address) => {
    expect(publicRules.permits(address)).toBe(false);
  });
});

describe('what is no address in a resolver’s form is refused:', () => {
  it.each([
    '',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::1]',
    '8.8.8.8 ',
  ])('%j', (text) => {
    expect(publicRules.permits(text)).toBe(false);
  });
});

describe('every spelling of loopback in a URL becomes an address that is refused:', () => {
  it.each([
    ...['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0x7f.1', '①②⑦.0.0.1', '127。0。0。1'],
    ...['127.0.0.1.', '%31%32%37.0.0.1', '[::ffff:127.0.0.1]', '[::1]', '[0:0::0:1]', '[::7f00:1]'],
  ])('%s', (host) => {
    const { hostname } = new URL(`https://${host}/`);
    expect(publicRules.permits(hostname.replace(/^\[|\]$|\.$/g, ''))).toBe(false);
  });
});

describe('networks that an operator opens', () => {
  const rules = new AddressRules(['10.20.0.0/16', '127.0.0.0/8', '::1/128', 'fd12:3456::/32']);

  it.each(['10.20.0.1', '10.20.255.255', '127.0.0.1', '::1', 'fd12:3456::7', '8.8.8.8'])(
    'open %s',
    (address) => {
      expect(rules.permits(address)).toBe(true);
    },
  );

  it.each(['10.19.255.255', '10.21.0.0', '192.168.0.1', 'fd12:3457::1', '::ffff:10.20.0.1'])(
    'do not open %s',
    (address) => {
      expect(rules.permits(address)).toBe(false);
    },
  );

  it('do not open metadata addresses, however wide they are', () => {
    const wide = new AddressRules(['100.0.0.0/8', '192.0.0.0/8', 'fd00::/8', '160.0.0.0/4']);
    for (const address of ['100.100.100.200', '192.0.0.192', '169.254.169.254', '168.63.129.16'])
      expect(wide.permits(address), address).toBe(false);
    for (const address of ['fd00:ec2::254', 'fd20:ce::254'])
      expect(wide.permits(address), address).toBe(false);
    expect(wide.permits('192.168.0.1')).toBe(true);
  });

  it.each([
    ['10.20.0.0/16', undefined],
    ['fd12:3456::/32', undefined],
    ['::1/128', undefined],
    ['10.20.0.0', 'no network'],
    ['10.20.0.0/33', 'no network'],
    ['10.20.0.0/16/2', 'no network'],
    ['10.20.0.0/x', 'no network'],
    ['localhost/8', 'no network'],
    ['fe80::1%eth0/64', 'no network'],
    ['::ffff:10.20.0.0/112', 'write it as IPv4'],
    ['0.0.0.0/0', 'opens every address'],
    ['169.254.169.254/32', 'never be opened'],
    ['fe80::/10', 'never be opened'],
  ])('%s: %s', (text, problem) => {
    if (problem === undefined) expect(networkProblem(text)).toBeUndefined();
    else expect(networkProblem(text)).toContain(problem);
  });
});

it('IPv4 in IPv6 form is refused, whatever the IPv4 address is and whatever is opened', () => {
  const rules = new AddressRules(['10.0.0.0/8', '127.0.0.0/8']);
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom('::', '::ffff:', '64:ff9b::'), (address, prefix) => {
      expect(rules.permits(`${prefix}${address}`)).toBe(false);
    }),
  );
});
