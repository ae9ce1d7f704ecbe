/**
 * The guarded connection: one resolution, every address judged, and the connection pinned to one of
 * those that were judged, so that a name cannot change between the check and the connection.
 */
import { isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { OutboundError } from '../errors.ts';
import type { RequestUrl } from '../protocol/request-url.ts';
import type { AddressRules } from './addresses.ts';
import type { Network } from './network.ts';
import { codeOf, untilStopped } from './stop.ts';

export interface ConnectionPlace {
  readonly url: RequestUrl;
  readonly rules: AddressRules;
  /** PEM of the authorities that are trusted for this target; undefined: the public ones. */
  readonly ca?: string | undefined;
}

export interface Connection {
  readonly socket: Socket;
  readonly address: string;
}

/** Addresses of one name that are tried; the deadline is for all of them together. */
const mostTried = 4;

/**
 * Opens a connection; the signal destroys it.
 * @throws OutboundError `TARGET_NOT_ALLOWED` or `TARGET_UNREACHABLE`, or the signal's reason.
 */
export async function openConnection(
  place: ConnectionPlace,
  network: Network,
  signal: AbortSignal,
): Promise<Connection> {
  const { url, rules } = place;
  const addresses = await addressesOf(place, network, signal);
  // One address that is refused refuses the name: the resolver's order is the attacker's choice.
  if (!addresses.every((one) => rules.permits(one)))
    throw new OutboundError(
      'TARGET_NOT_ALLOWED',
      `${url.host} has an address that hooks must not reach. An operator can open its network: private in the targets file.`,
    );
  const { socket, address } = await firstOf(addresses, place, network, signal);
  // A connection may end elsewhere than asked, where something on the way redirects it.
  if (!rules.permits(String(socket.remoteAddress))) {
    socket.destroy();
    throw new OutboundError(
      'TARGET_NOT_ALLOWED',
      `The connection to ${url.host} ended at an address that hooks must not reach.`,
    );
  }
  return { socket: url.isTls ? await secured(socket, place, signal) : socket, address };
}

async function addressesOf(
  { url: { host }, rules }: ConnectionPlace,
  network: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await untilStopped(signal, network.resolve(host, rules, signal));
    if (found.length > 0) return found;
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(`${host} has no address`, error);
  }
  throw unreachable(`${host} has no address`);
}

async function firstOf(
  addresses: readonly string[],
  { url: { host, port } }: ConnectionPlace,
  network: Network,
  signal: AbortSignal,
): Promise<Connection> {
  let last: unknown;
  for (const address of addresses.slice(0, mostTried)) {
    const socket = network.connect(address, port);
    try {
      await opened(socket, 'connect', signal);
      return { socket, address };
    } catch (error) {
      signal.throwIfAborted();
      last = error;
    }
  }
  throw unreachable(`There is no connection to ${host}:${port}`, last);
}

/** The name that is checked against the certificate is the URL's, never a header's. */
async function secured(
  socket: Socket,
  { url: { host, port }, ca }: ConnectionPlace,
  signal: AbortSignal,
): Promise<Socket> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const tls = startTls({
    socket,
    host,
    ...name,
    ...(ca === undefined ? {} : { ca }),
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED changes the default.
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  try {
    await opened(tls, 'secureConnect', signal);
    return tls;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw unreachable(`There is no TLS connection to ${host}:${port}`, error);
  }
}

/** Waits for the event; a socket that does not get there is destroyed. */
async function opened(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  const wait = new Promise<void>((resolve, reject) => {
    socket.once(event, resolve).on('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
  try {
    await untilStopped(signal, wait);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Errors of the system quote names of certificates and addresses: only their code is told. */
function unreachable(what: string, cause?: unknown): OutboundError {
  const code = codeOf(cause);
  const text = code === undefined ? `${what}.` : `${what} (${code}).`;
  return new OutboundError('TARGET_UNREACHABLE', text, { cause });
}
