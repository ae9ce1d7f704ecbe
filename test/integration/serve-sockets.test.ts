/** `hookpool serve` on unix sockets, also on one that systemd has opened. Needs `npm run build`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-sockets-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function status(place: http.RequestOptions, host: string): Promise<number | undefined> {
  const request = http.get({ ...place, path: '/v1/hooksets', headers: { host }, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  await text(response);
  return response.statusCode;
}

/** What systemd hands over: the socket of a server that accepts nothing itself. */
async function passed(server: net.Server): Promise<{ fd: number; close: () => Promise<unknown> }> {
  await once(server, 'listening');
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  return { fd, close: () => new Promise((resolve) => server.close(resolve)) };
}

test('the file decides who may call, and sockets of systemd are used beside it', async () => {
  const socketPath = path.join(folder, 'serve.sock');
  const systemd = net.createServer().listen(0, '127.0.0.1');
  const address = await passed(systemd);
  const { port } = systemd.address() as net.AddressInfo;
  const closing = path.join(folder, 'closing.sock');
  const socket = await passed(net.createServer().listen(closing));
  // The server that opened it removes its own name of it.
  const handed = path.join(folder, 'handed.sock');
  linkSync(closing, handed);
  const line = `LISTEN_PID=$$ LISTEN_FDS=2 exec '${process.execPath}' '${main}' serve --listen 'unix://${socketPath}'`;
  const { fd } = address;
  const stdio = ['ignore', 'ignore', 'pipe', fd, socket.fd] as const;
  const child = spawn('/bin/sh', ['-c', line], { stdio: [...stdio] });
  const ended = once(child, 'exit');
  const closed = Promise.all([address.close(), socket.close()]);
  const lines = child.stdio[2] as NodeJS.ReadableStream;
  let log = '';
  lines.on('data', (chunk) => {
    log += chunk;
  });
  await expect.poll(() => log.match(/"listening"/g)?.length).toBe(3);
  expect(log).toContain('"url":"fd:4"');
  expect(await status({ socketPath }, 'hooks.example')).toBe(200);
  expect(await status({ socketPath: handed }, 'hooks.example')).toBe(200);
  expect(await status({ port, host: '127.0.0.1' }, 'hooks.example')).toBe(403);
  expect(await status({ port, host: '127.0.0.1' }, 'localhost')).toBe(200);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  await closed;
  expect(existsSync(socketPath)).toBe(false);
});
