/**
 * Attaches to a container by a plain HTTP upgrade instead of by dockerode.
 *
 * dockerode writes the attach options as a JSON body together with the headers, and some engines
 * deliver those bytes to the container's stdin. Here the options are in the query, the body is
 * empty, and nothing is written before the engine has answered 101.
 */
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { SandboxError } from '../errors.ts';

/** The parts of docker-modem that hold the engine's address. */
export interface EngineAddress {
  /** A function when docker-modem has to look for the default socket. */
  readonly socketPath?: string | (() => Promise<string>) | undefined;
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly protocol?: string | undefined;
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}

export async function openAttach(
  address: EngineAddress,
  id: string,
  signal: AbortSignal,
): Promise<Duplex> {
  const socketPath =
    typeof address.socketPath === 'function' ? await address.socketPath() : address.socketPath;
  const options = requestOptions({ ...address, socketPath }, id, signal);
  return new Promise((resolve, reject) => {
    const request = (address.protocol === 'https' ? https : http).request(options);
    request.on('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay?.(true);
      // Until a sandbox adds its own listener: an error without one would end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    request.on('response', (response) => {
      response.resume();
      reject(
        new SandboxError(
          'ATTACH_FAILED',
          `The container engine answered attach with status ${response.statusCode}.`,
        ),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

/** Each attach opens a new connection: pooled sockets hang after a few upgrades. */
function requestOptions(
  address: EngineAddress,
  id: string,
  signal: AbortSignal,
): https.RequestOptions {
  if (address.protocol === 'ssh') {
    throw new SandboxError(
      'ATTACH_FAILED',
      'DOCKER_HOST=ssh://… is not supported: forward the socket and use unix:// or tcp://.',
    );
  }
  const where = address.socketPath
    ? { socketPath: address.socketPath }
    : { host: address.host, port: address.port };
  return {
    ...where,
    ...(address.protocol === 'https'
      ? { ca: address.ca, cert: address.cert, key: address.key }
      : {}),
    method: 'POST',
    path: `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`,
    headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': '0' },
    agent: false,
    signal,
  } as https.RequestOptions;
}
