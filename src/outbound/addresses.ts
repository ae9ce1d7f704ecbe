/**
 * Which addresses a connection may go to. Pure: names are resolved elsewhere, and only the numbers
 * that came out are judged here, because `2130706433`, `0x7f.1` and `127.1` are the same host.
 */
import { BlockList, isIP } from 'node:net';
import { shown } from '../protocol/shown.ts';

/** IPv4: everything that IANA lists as special is no public host. */
const specialIpv4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];

/** IPv6: public hosts are in this network, less what IANA reserves in it. */
const publicIpv6 = ['2000::/3'];
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

/**
 * Never connected to, whatever an operator opens: unspecified, link-local and multicast addresses,
 * and the addresses at which clouds hand out the keys of a machine. 168.63.129.16 is a public
 * address that reaches the host of a machine at Azure. An IPv6 address that carries an IPv4 one is
 * never needed, and translators forward some of them to the inside.
 */
const neverOpen = [
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32'],
  ...['192.0.0.192/32', '168.63.129.16/32', '::/128', '64:ff9b::/96'],
  ...['64:ff9b:1::/48', '2001::/32', '2002::/16', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  ...['fd00:ec2::254/128', 'fd20:ce::254/128'],
];

/** The addresses that one target may have. */
export class AddressRules {
  readonly #special = listOf([...specialIpv4, ...specialIpv6]);
  readonly #public = listOf(publicIpv6);
  readonly #never = listOf(neverOpen);
  readonly #opened: BlockList;

  /**
   * @param opened networks beside the public ones, such as `10.20.0.0/16`; checked by
   * networkProblem().
   */
  constructor(opened: readonly string[] = []) {
    this.#opened = listOf(opened);
  }

  /** Whether a connection may go to an address in the form that a resolver returns. */
  permits(address: string): boolean {
    const family = isIP(address);
    // A zone names an interface of this machine: only link-local addresses have one.
    if (family === 0 || address.includes('%')) return false;
    const kind = family === 4 ? 'ipv4' : 'ipv6';
    // The rules of IPv4 would match the IPv4 address in `::ffff:…` as well.
    if (this.#never.check(address, kind) || carriesIpv4(address)) return false;
    if (this.#opened.check(address, kind)) return true;
    if (this.#special.check(address, kind)) return false;
    return family === 4 || this.#public.check(address, kind);
  }
}

/** Why a text is no network that an operator can open; undefined when it is one. */
export function networkProblem(text: string): string | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const isNetwork =
    family !== 0 && !address.includes('%') && rest.length === 0 && /^\d{1,3}$/.test(bits);
  if (!isNetwork || Number(bits) > most)
    return `"${shown(text)}" is no network; write one such as 10.20.0.0/16 or fd12:3456::/32`;
  if (family === 6 && carriesIpv4(address))
    return `"${shown(text)}" is an IPv4 network in IPv6 form; write it as IPv4`;
  if (Number(bits) === 0) return `"${shown(text)}" opens every address; name the network`;
  const never = listOf(neverOpen);
  return never.check(address, family === 4 ? 'ipv4' : 'ipv6')
    ? `"${shown(text)}" can never be opened: link-local, multicast and metadata addresses`
    : undefined;
}

/** The first 96 bits are those of a mapped (`::ffff:…`) or compatible (`::…`) address. */
function carriesIpv4(address: string): boolean {
  if (isIP(address) !== 6) return false;
  const { hostname } = new URL(`http://[${address}]/`);
  return /^\[::(ffff:)?([0-9a-f]{1,4}:)?[0-9a-f]{1,4}\]$/.test(hostname) && hostname !== '[::1]';
}

/** @param networks checked by networkProblem(). */
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
