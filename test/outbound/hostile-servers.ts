/** Servers on loopback that answer in whatever way a test wants, and requests to them. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { AddressRules } from '../../src/outbound/addresses.ts';
import { type GuardedRequest, guardedRequest } from '../../src/outbound/guarded-request.ts';
import { machineNetwork, type Network } from '../../src/outbound/network.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';

/** Servers of one test file; the creator calls close(). */
export class HostileServers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** Connections that have been accepted. */
  connections = 0;

  /** @param onSocket plays the server; the request may not have arrived. @returns the port. */
  async serve(onSocket: (socket: Socket) => void, tls?: TlsOptions): Promise<number> {
    const take = (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      onSocket(socket);
    };
    const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    server.on('tlsClientError', () => {});
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Answers every request with these bytes and ends the connection. @returns the port. */
  answers(text: string | Uint8Array, tls?: TlsOptions): Promise<number> {
    return this.serve((socket) => socket.once('data', () => socket.end(text)), tls);
  }

  /** Resolves when no connection is left. */
  async allGone(): Promise<void> {
    while (this.#sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = this.#servers.map((one) => new Promise((resolve) => one.close(resolve)));
    await Promise.all(closed);
  }
}

const loopback = new AddressRules(['127.0.0.0/8', '::1/128']);

export interface Asked extends Partial<Omit<GuardedRequest, 'url'>> {
  readonly url: string;
  readonly network?: Partial<Network>;
  readonly signal?: AbortSignal;
}

/** A request with small limits: 200 ms, 1 KiB each way. */
export function ask({ url, network, signal, ...given }: Asked) {
  const request: GuardedRequest = {
    rules: loopback,
    method: 'POST',
    headers: {},
    body: Buffer.from('{}'),
    answerBytes: 1024,
    requestBytes: 1024,
    timeoutMs: 200,
    ...given,
    url: parseRequestUrl(url),
  };
  const never = new AbortController().signal;
  return guardedRequest(request, signal ?? never, { ...machineNetwork, ...network });
}
