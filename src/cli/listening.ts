/** Addresses that a command listens on. */
import { once } from 'node:events';
import net, { type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { InvalidInputError, messageOf } from '../errors.ts';
import { listenOnSocket } from '../sandbox/engine-proxy/unix-socket.ts';
import { isLoopback } from '../server/loopback.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** An address, the file of a socket, or a socket that another process has opened. */
export type Place = Address | { readonly socket: string } | { readonly fd: number };

/** As node's HTTP server has it. */
const forUse = { allowHalfOpen: true, noDelay: true } as const;
const defaultPlaces: readonly string[] = ['127.0.0.1:4665'];
const socketStart = 'unix://';

/**
 * @param given HOST:PORT or unix:///PATH; undefined: the default address, where none is `passed`
 * @param passed descriptors
 * @throws InvalidInputError `INVALID_USAGE`
 */
export function readPlaces(
  given: readonly string[] | undefined,
  passed: readonly number[],
): readonly Place[] {
  const texts = given ?? (passed.length > 0 ? [] : defaultPlaces);
  return [...texts.map(readPlace), ...passed.map((fd) => ({ fd }))];
}

function readPlace(text: string): Place {
  if (!text.startsWith(socketStart)) return readAddress(text);
  const socket = text.slice(socketStart.length);
  if (socket.startsWith('/') && !socket.endsWith('/')) return { socket };
  const why = `The socket "${text}" must be unix:// and an absolute path, as unix:///run/hookpool/serve.sock.`;
  throw new InvalidInputError('INVALID_USAGE', why);
}

/** @throws InvalidInputError `INVALID_USAGE` */
export function readMode(name: string, text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  const why = `--${name} is "${text}"; it must be three octal digits, as 0660.`;
  throw new InvalidInputError('INVALID_USAGE', why);
}

/** @throws InvalidInputError `INVALID_CONFIG` */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  const reason = `${host} can be reached from other machines and would serve everybody.`;
  throw new InvalidInputError('INVALID_CONFIG', `${reason} Give --tokens, or listen on 127.0.0.1.`);
}

/** @throws InvalidInputError `INVALID_USAGE` */
export function readAddress(text: string): Address {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === '' || Number(port) > 65_535 || (bare.includes(':') && bare === host)) {
    throw new InvalidInputError(
      'INVALID_USAGE',
      `The address "${text}" must be HOST:PORT, an IPv6 address in brackets.`,
    );
  }
  return { host: bare, port: Number(port) };
}

/** @returns the URL. @throws InvalidInputError `INVALID_CONFIG`; the application is closed then. */
export async function listen(app: FastifyInstance, address: Address): Promise<string> {
  try {
    return await app.listen(address);
  } catch (error) {
    await app.close();
    throw cannotListen(error, address);
  }
}

export interface Listening {
  /** Rights of the files of sockets. */
  readonly socketMode: number;
  /** Gets the connections that come through a unix socket. */
  readonly throughSocket: WeakSet<object>;
  /** There are no tokens, so that an address must be a loopback one. */
  readonly open: boolean;
}

/**
 * Listens on every place. Connections of all of them belong to the server of the application, which
 * limits and times them; it listens on the first place itself, because node watches the times of a
 * server that listens.
 * @returns the URLs.
 * @throws InvalidInputError `INVALID_CONFIG`; the application is closed then.
 */
export async function listenOnAll(
  app: FastifyInstance,
  places: readonly Place[],
  { socketMode, throughSocket, open }: Listening,
): Promise<readonly string[]> {
  const further: Server[] = [];
  const forwarded = new WeakSet<object>();
  // The hook of closing.ts runs before this one, and closes what is idle meanwhile.
  app.addHook('preClose', async () => {
    await Promise.all(further.map((server) => closed(server)));
  });
  const urls: string[] = [];
  let trying: Place | undefined;
  try {
    await app.ready();
    for (const [at, place] of places.entries()) {
      trying = place;
      const server = at === 0 ? app.server : net.createServer(forUse);
      if (at > 0) further.push(server);
      let isSocket = 'socket' in place;
      server.on('connection', (socket) => {
        // The first server gets the connections of all, and only its own are of its kind.
        if (forwarded.has(socket)) return;
        if (isSocket) throughSocket.add(socket);
        if (at === 0) return;
        forwarded.add(socket);
        app.server.emit('connection', socket);
      });
      if ('socket' in place) await listenOnSocket(server, place.socket, socketMode);
      else {
        server.listen(place);
        await once(server, 'listening');
      }
      const url = urlOf(server, place, open);
      isSocket = !url.startsWith('http:');
      urls.push(url);
    }
    return urls;
  } catch (error) {
    await app.close();
    if (error instanceof InvalidInputError) throw error;
    throw cannotListen(error, trying);
  }
}

/** Names the way out where the error of the system has one. */
function cannotListen(error: unknown, place: Place | undefined): InvalidInputError {
  const { code } = error as { readonly code?: unknown };
  const why = `Cannot listen: ${messageOf(error)}.`;
  const port = place !== undefined && 'port' in place ? place.port : undefined;
  const fixes: Readonly<Record<string, string>> = {
    EADDRINUSE: ` Another process listens there, maybe another hookpool: give another port by --listen, or 0 for a free one; ss -ltnp 'sport = :${port}' tells which process it is.`,
    EADDRNOTAVAIL:
      ' This machine has no such address: give --listen one that it has, or 127.0.0.1.',
    EACCES: ' This user may not use the port: give --listen one above 1023.',
  };
  const fix = port === undefined ? '' : (fixes[String(code)] ?? '');
  return new InvalidInputError('INVALID_CONFIG', `${why}${fix}`, { cause: error });
}

/**
 * An address that another process has chosen is known only now. node knows no name of a unix socket
 * that it has not opened itself.
 */
function urlOf(server: Server, place: Place, open: boolean): string {
  const address = server.address();
  if (typeof address === 'string') return `${socketStart}${address}`;
  if (address === null) return 'fd' in place ? `fd:${place.fd}` : socketStart;
  const { address: host, port, family } = address;
  if (open) requireLoopback(host);
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}

async function closed(server: Server): Promise<void> {
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}
