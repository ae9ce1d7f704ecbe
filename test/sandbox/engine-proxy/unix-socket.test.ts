import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import net, { type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnSocket } from '../../../src/sandbox/engine-proxy/unix-socket.ts';

let folder = '';
let place = '';
let server: Server;
const close = (one: Server) => new Promise((resolve) => one.close(resolve));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-socket-'));
  place = path.join(folder, 'engine.sock');
  server = net.createServer();
});

afterEach(async () => {
  await close(server);
  rmSync(folder, { recursive: true });
});

const unusable = (why: string) =>
  expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining(why) });

test.each([0o600, 0o660, 0o666])(
  'the file has the rights %o, and the mask of the process stays',
  async (mode) => {
    const before = process.umask();
    await listenOnSocket(server, place, mode);
    expect(statSync(place).mode & 0o777).toBe(mode);
    expect(process.umask()).toBe(before);
  },
);

test('the file goes with the server', async () => {
  await listenOnSocket(server, place, 0o600);
  await close(server);
  expect(existsSync(place)).toBe(false);
});

test('a socket that another server listens on is left to it', async () => {
  const first = net.createServer();
  await listenOnSocket(first, place, 0o600);
  await expect(listenOnSocket(server, place, 0o600)).rejects.toThrow(
    unusable('another process listens'),
  );
  const client = net.connect(place);
  await once(client, 'connect');
  client.destroy();
  await close(first);
});

test('a socket that nobody listens on any more is replaced', async () => {
  const script = `require('net').createServer().listen(${JSON.stringify(place)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(existsSync(place)).toBe(true);
  await listenOnSocket(server, place, 0o600);
  const client = net.connect(place);
  await once(client, 'connect');
  client.destroy();
  expect(readdirSync(folder)).toEqual(['engine.sock']);
});

test('a folder to which everybody may write is refused, but one like /tmp is not', async () => {
  chmodSync(folder, 0o777);
  await expect(listenOnSocket(server, place, 0o600)).rejects.toThrow(unusable('everybody'));
  chmodSync(folder, 0o1777);
  await listenOnSocket(server, place, 0o600);
});

test('a file that is no socket is left alone', async () => {
  writeFileSync(place, 'mine');
  await expect(listenOnSocket(server, place, 0o600)).rejects.toThrow(unusable('another kind'));
  expect(existsSync(place)).toBe(true);
});

test.each([
  [
    'in a folder that is not there',
    () => path.join(folder, 'none/engine.sock'),
    'folder does not exist',
  ],
  ['with too long a name', () => path.join(folder, 'x'.repeat(100)), '103 bytes'],
])('a socket %s is refused', async (_, name, why) => {
  await expect(listenOnSocket(server, name(), 0o600)).rejects.toThrow(unusable(why));
});
