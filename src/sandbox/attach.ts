/**
 * Attaches to a container by an HTTP upgrade. The options are in the query, the body is empty, and
 * nothing is written before the engine has answered 101: some engines deliver earlier bytes to the
 * container's stdin.
 */
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { SandboxError } from '../errors.ts';
import { connectionOf, type EngineAddress } from './engine-address.ts';

export async function openAttach(
  address: EngineAddress,
  id: string,
  signal: AbortSignal,
): Promise<Duplex> {
  const options = requestOptions(address, id, signal);
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
  return {
    ...connectionOf(address),
    method: 'POST',
    path: `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`,
    headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': '0' },
    agent: false,
    signal,
  };
}
