/** Where `hookpool serve` listens: addresses, sockets, and sockets that another process has opened. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  type Listening,
  listen,
  listenOnAll,
  readMode,
  readPlaces,
} from '../../src/cli/listening.ts';
import { readPassedSockets } from '../../src/config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-listening-'));
afterAll(() => rmSync(folder, { recursive: true }));

const apps: FastifyInstance[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

const throughSocket = new WeakSet<object>();
const settings: Listening = { socketMode: 0o600, throughSocket, open: true };

/** Answers whether the request came through a unix socket. */
function newApp(): FastifyInstance {
  const app = fastify({ forceCloseConnections: 'idle' });
  app.get('/', ({ raw }) => String(throughSocket.has(raw.socket)));
  apps.push(app);
  return app;
}

async function ask(url: string): Promise<string> {
  const place = url.startsWith('unix:')
    ? { socketPath: url.slice(7) }
    : { port: new URL(url).port };
  const request = http.get({ host: '127.0.0.1', ...place, agent: false });
  const [response] = await once(request, 'response');
  return text(response);
}

const socketIn = (name: string) => path.join(folder, name);

test('every place gets requests, and what came through a socket is known', async () => {
  const app = newApp();
  const socket = socketIn('a.sock');
  const given = ['127.0.0.1:0', `unix://${socket}`, '127.0.0.1:0', `unix://${socketIn('b.sock')}`];
  const urls = await listenOnAll(app, readPlaces(given, []), settings);
  expect(urls).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    `unix://${socket}`,
    expect.stringMatching(/^http:/),
    `unix://${socketIn('b.sock')}`,
  ]);
  expect(await Promise.all(urls.map(ask))).toEqual(['false', 'true', 'false', 'true']);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  await app.close();
  expect(existsSync(socket)).toBe(false);
  await expect(ask(String(urls[2]))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a connection of an address is none of a socket, also where the socket comes first', async () => {
  const given = [`unix://${socketIn('c.sock')}`, '127.0.0.1:0', `unix://${socketIn('d.sock')}`];
  const urls = await listenOnAll(newApp(), readPlaces(given, []), settings);
  expect(await Promise.all(urls.map(ask))).toEqual(['true', 'false', 'true']);
});

test('a socket alone is enough, and has the rights that are asked for', async () => {
  const socket = socketIn('alone.sock');
  const places = readPlaces([`unix://${socket}`], []);
  const [url = ''] = await listenOnAll(newApp(), places, { ...settings, socketMode: 0o660 });
  expect(statSync(socket).mode & 0o777).toBe(0o660);
  expect(await ask(url)).toBe('true');
});

test('a request that runs when the server closes is answered, through every place', async () => {
  const app = fastify({ forceCloseConnections: 'idle' });
  let hasArrived = () => undefined as unknown;
  let goOn = () => undefined as unknown;
  const arrived = new Promise<void>((resolve) => {
    hasArrived = resolve;
  });
  const wait = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  app.get('/', async (_request, reply) => {
    hasArrived();
    await wait;
    return reply.header('connection', 'close').send('late');
  });
  const places = readPlaces(['127.0.0.1:0', `unix://${socketIn('late.sock')}`], []);
  const urls = await listenOnAll(app, places, settings);
  const answer = ask(String(urls[1]));
  await arrived;
  const closed = app.close();
  goOn();
  expect(await answer).toBe('late');
  await closed;
});

test('a place that cannot be used closes what was opened', async () => {
  const socket = socketIn('first.sock');
  const places = readPlaces([`unix://${socket}`, `unix://${folder}`], []);
  await expect(listenOnAll(newApp(), places, settings)).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringContaining('it is a file of another kind'),
  });
  expect(existsSync(socket)).toBe(false);
});

describe('a socket that another process has opened', () => {
  test('is counted only for this process', () => {
    const env = { LISTEN_PID: '7', LISTEN_FDS: '2' };
    expect(readPassedSockets(env, 7)).toEqual([3, 4]);
    expect(readPassedSockets(env, 8)).toEqual([]);
    for (const LISTEN_FDS of ['0', '-1', 'x', '1e9', ''])
      expect(readPassedSockets({ ...env, LISTEN_FDS }, 7)).toEqual([]);
    expect(readPassedSockets({}, 7)).toEqual([]);
  });

  test('takes the place of the default address, and not that of others', () => {
    expect(readPlaces(undefined, [])).toEqual([{ host: '127.0.0.1', port: 4665 }]);
    expect(readPlaces(undefined, [3])).toEqual([{ fd: 3 }]);
    expect(readPlaces(['[::1]:1'], [3])).toEqual([{ host: '::1', port: 1 }, { fd: 3 }]);
  });
});

test.each(['unix://a', 'unix://', 'unix:///a/', 'unix:/a', '4665'])('%s is refused', (text) => {
  expect(() => readPlaces([text], [])).toThrow(/must be/);
});

test('a mode has three octal digits', () => {
  expect(readMode('socket-mode', '0660')).toBe(0o660);
  expect(() => readMode('socket-mode', '888')).toThrow('--socket-mode is "888"');
});

test('an address that another process has is refused with the way out', async () => {
  const [url = ''] = await listenOnAll(newApp(), readPlaces(['127.0.0.1:0'], []), settings);
  const { port } = new URL(url);
  const taken = readPlaces([`127.0.0.1:${port}`], []);
  const error = expect.objectContaining({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(
      new RegExp(`EADDRINUSE.*:${port}\\. .*--listen, or 0 .*sport = :${port}`),
    ),
  });
  await expect(listenOnAll(newApp(), taken, settings)).rejects.toThrow(error);
  await expect(listen(newApp(), { host: '127.0.0.1', port: Number(port) })).rejects.toThrow(error);
});
