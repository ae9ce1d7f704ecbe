/** An engine that does not do as it is told: it passes everything on but changes what is to be created. */

import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';

export interface EngineProxy {
  /** For DOCKER_HOST. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param change what becomes of the HostConfig of a new container. */
export async function startEngineProxy(socketPath: string, change: (hostConfig: object) => object): Promise<EngineProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-proxy-'));
  const own = path.join(folder, 'docker.sock');
  const server = http.createServer((request, response) => void pass(request, response));
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const isCreate = /\/containers\/create/.test(request.url ?? '');
    const spec = isCreate ? ((await json(request)) as { HostConfig: object }) : undefined;
    const body = spec && JSON.stringify({ ...spec, HostConfig: change(spec.HostConfig) });
    const headers = { ...request.headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) };
    const forwarded = http.request({ socketPath, agent: false, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    if (body === undefined) request.pipe(forwarded);
    else forwarded.end(body);
  }

  // Attach: bytes from here on.
  server.on('upgrade', (request, client: net.Socket, head) => {
    const engine = net.connect(socketPath);
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
    engine.write([`${request.method} ${request.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
    engine.write(head);
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });

  await new Promise<void>((resolve) => server.listen(own, resolve));
  return {
    address: `unix://${own}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
