import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAttach } from '../../src/sandbox/attach.ts';
import { Engine } from '../../src/sandbox/engine.ts';

let folder = '';
let server: Server;
let socketPath = '';
const sockets = new Set<Socket>();

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-attach-'));
  socketPath = path.join(folder, 'engine.sock');
  server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const signal = () => AbortSignal.timeout(5_000);

describe('attach', () => {
  test('sends no body: what the engine reads after the headers is what we wrote after 101', async () => {
    const received = new Promise<{ headers: string; first: string }>((resolve) => {
      server.on('upgrade', (request, socket, head) => {
        const headers = `${request.headers['content-length']} ${request.headers.upgrade} ${request.url}`;
        socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
        socket.once('data', (chunk) =>
          resolve({ headers, first: head.toString() + chunk.toString() }),
        );
      });
    });
    const stream = await openAttach({ socketPath }, 'abc', signal());
    stream.write('HELLO');
    expect(await received).toEqual({
      headers: '0 tcp /containers/abc/attach?stream=1&stdin=1&stdout=1&stderr=1',
      first: 'HELLO',
    });
    stream.destroy();
  });

  test('keeps output that came in one packet with the answer', async () => {
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly');
    });
    const stream = await openAttach({ socketPath }, 'abc', signal());
    const chunk = await new Promise((resolve) => stream.once('data', resolve));
    expect(String(chunk)).toBe('early');
    stream.destroy();
  });

  test('fails with a code when the engine answers with an error', async () => {
    server.on('request', (_request, response) =>
      response.writeHead(404).end('{"message":"no such container"}'),
    );
    await expect(openAttach({ socketPath }, 'abc', signal())).rejects.toMatchObject({
      code: 'ATTACH_FAILED',
    });
  });

  test('refuses an ssh engine with what to do instead', async () => {
    await expect(new Engine({ protocol: 'ssh', host: 'h' }).attach('abc')).rejects.toMatchObject({
      code: 'ENGINE_DOWN',
      message: expect.stringContaining('forward the socket'),
    });
  });
});
