import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Engine } from '../../src/sandbox/engine.ts';

let folder = '';
let server: Server;
let engine: Engine;
/** Method, URL and body of each request, in order. */
const asked: string[] = [];
let reply: (response: ServerResponse) => void;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-engine-'));
  const socketPath = path.join(folder, 'engine.sock');
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  engine = new Engine({ socketPath });
});

beforeEach(() => {
  asked.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  asked.push(`${request.method} ${request.url} ${await text(request)}`.trim());
  reply(response);
}

const saying = (status: number, value?: unknown) => (response: ServerResponse) =>
  void response.writeHead(status).end(value === undefined ? '' : JSON.stringify(value));

test('sends a spec as the body, and reads the id of the answer', async () => {
  reply = saying(201, { Id: 'abc', Warnings: [] });
  expect(await engine.create({ Image: 'é' } as ContainerSpec)).toBe('abc');
  expect(asked).toEqual(['POST /containers/create {"Image":"é"}']);
});

test('starts, lists and looks for an image without a body', async () => {
  reply = saying(204);
  await engine.start('abc');
  reply = saying(200, [{ Id: 'abc', State: 'running', Created: 2, Labels: { a: 'b' }, More: 1 }]);
  expect(await engine.list('a=b')).toEqual([
    { id: 'abc', state: 'running', createdAtMs: 2_000, labels: { a: 'b' } },
  ]);
  reply = saying(200, { Id: 'sha256:1', Size: 5 });
  expect(await engine.image('a/b:c d')).toEqual({ id: 'sha256:1', sizeBytes: 5 });
  expect(asked).toEqual([
    'POST /containers/abc/start',
    'GET /containers/json?all=true&filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D',
    'GET /images/a/b:c%20d/json',
  ]);
});

test('reads of /info and /version what it needs, also where an engine leaves members out', async () => {
  reply = saying(200, { OperatingSystem: 'Debian', Version: '1', ApiVersion: '1.41' });
  expect(await engine.info()).toMatchObject({
    operatingSystem: 'Debian',
    version: '1',
    apiVersion: '1.41',
    isPodman: false,
    isRootless: false,
    runtimes: [],
    pidsLimit: false,
  });
  expect(asked.toSorted()).toEqual(['GET /info', 'GET /version']);
});

describe('a removal', () => {
  test('is asked for again while another one is in progress', async () => {
    const statuses = [409, 409, 204];
    reply = (response) => saying(statuses.shift() ?? 500)(response);
    await engine.remove('abc');
    expect(asked).toEqual(Array(3).fill('DELETE /containers/abc?force=true&v=true'));
  });

  test('of a container that is gone is none', async () => {
    reply = saying(404, { message: 'No such container' });
    await engine.remove('abc');
    expect(asked).toHaveLength(1);
  });
});

describe('an engine that refuses', () => {
  test('is quoted, with its status', async () => {
    reply = saying(500, { message: 'no space' });
    await expect(engine.start('abc')).rejects.toMatchObject({
      code: 'START_FAILED',
      message: 'The container engine refused: no space (HTTP status 500)',
    });
    reply = (response) => void response.writeHead(304).end();
    await expect(engine.start('abc')).rejects.toMatchObject({ code: 'START_FAILED' });
    reply = (response) => void response.writeHead(502).end('<b>Bad</b>\n');
    await expect(engine.list('a')).rejects.toThrow('<b>Bad</b> (HTTP status 502)');
  });

  test('an image that it does not have is told by its name', async () => {
    reply = saying(404, { message: 'no' });
    expect(await engine.image('x')).toBeUndefined();
    await expect(engine.create({ Image: 'x' } as ContainerSpec)).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
      message: expect.stringContaining('The image x'),
    });
  });

  test('with 503 does not answer, as an engine proxy says it', async () => {
    reply = saying(503, { message: 'closing' });
    await expect(engine.list('a')).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
  });
});

test('an answer that is cut off is one of an engine that does not answer', async () => {
  reply = (response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('[{');
    response.socket?.end();
  };
  await expect(engine.list('a')).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
});

test.each([
  ['without a word', () => undefined],
  ['in the middle of an answer', (response: ServerResponse) => void response.write('{"Id":')],
])('a call whose answer stops %s is given up after its time', async (_, stop) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const held = new Promise<void>((resolve) => {
    reply = (response) => {
      stop(response);
      resolve();
    };
  });
  const starting = expect(engine.start('one')).rejects.toMatchObject({ code: 'ENGINE_TIMEOUT' });
  await held;
  await vi.advanceTimersByTimeAsync(30_000);
  await starting;
});
