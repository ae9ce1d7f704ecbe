/** Over real sockets: what ends, and in which order, is theirs to say. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { joinStreams } from '../../../src/sandbox/engine-proxy/join-streams.ts';

let folder = '';
const servers: Server[] = [];
const sockets: Socket[] = [];

/** Both ends of a connection; `here` is the proxy's. */
async function connection(name: string, allowHalfOpen: boolean) {
  const server = net.createServer({ allowHalfOpen }).listen(path.join(folder, name));
  servers.push(server);
  const accepted = once(server, 'connection');
  const far = net.connect({ path: path.join(folder, name), allowHalfOpen: true });
  far.on('error', () => undefined);
  const [here] = (await accepted) as [Socket];
  sockets.push(far, here);
  return { far, here };
}

async function joined(graceMs?: number) {
  const caller = await connection('caller', true);
  const engine = await connection('engine', false);
  joinStreams(caller.here, engine.here, graceMs);
  return { worker: caller.far, engine: engine.far, bothHere: [caller.here, engine.here] };
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-join-'));
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
  rmSync(folder, { recursive: true });
});

test('bytes go both ways', async () => {
  const { worker, engine } = await joined();
  worker.write('job');
  expect(String((await once(engine, 'data'))[0])).toBe('job');
  engine.write('done');
  expect(String((await once(worker, 'data'))[0])).toBe('done');
});

test('a reader that stalls holds up the writer, and nothing is kept in between', async () => {
  const { worker, engine, bothHere } = await joined();
  const chunk = Buffer.alloc(1 << 20);
  let written = 0;
  while (engine.write(chunk) || written === 0) written++;
  await vi.waitFor(() => expect(bothHere[1]?.isPaused()).toBe(true));
  expect((bothHere[0]?.writableLength ?? 0) + (bothHere[1]?.readableLength ?? 0)).toBeLessThan(
    1 << 20,
  );
  const total = engine.writableLength;
  let read = 0;
  worker.on('data', (bytes: Buffer) => {
    read += bytes.length;
  });
  await vi.waitFor(() => expect(read).toBeGreaterThanOrEqual(total));
});

test('the end of the worker ends the side of the engine, and the last words still come', async () => {
  const { worker, engine, bothHere } = await joined();
  worker.end();
  engine.resume();
  await once(engine, 'end');
  worker.setEncoding('utf8');
  engine.end('last words');
  expect((await once(worker, 'data'))[0]).toBe('last words');
  await vi.waitFor(() => expect(bothHere.every((socket) => socket.destroyed)).toBe(true));
});

test('a worker that is gone ends the side of the engine', async () => {
  const { worker, engine } = await joined();
  worker.destroy();
  engine.resume();
  await once(engine, 'end');
});

test('an engine that ends ends the side of the worker, with all it said', async () => {
  const { worker, engine } = await joined();
  engine.end(Buffer.alloc(3 << 20, 1));
  let read = 0;
  worker.on('data', (bytes: Buffer) => {
    read += bytes.length;
  });
  await once(worker, 'end');
  expect(read).toBe(3 << 20);
});

test('an engine that never answers the end of a worker is let go', async () => {
  const { worker, bothHere } = await joined(100);
  worker.destroy();
  await vi.waitFor(() => expect(bothHere.every((socket) => socket.destroyed)).toBe(true));
});
