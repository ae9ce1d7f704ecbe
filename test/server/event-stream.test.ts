import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { EventStream } from '../../src/server/event-stream.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) close();
});

/** A stream, and its reader, which has not begun to read. */
async function opened(): Promise<{ stream: EventStream; answer: IncomingMessage }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => void server.close().closeAllConnections());
  const streams = new Promise<EventStream>((resolve) => {
    server.once('request', (_, response) => {
      const stream = new EventStream(response);
      response.write(': open\n\n');
      resolve(stream);
    });
  });
  const { port } = server.address() as AddressInfo;
  const asked = request({ host: '127.0.0.1', port }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { stream: await streams, answer };
}

function reading(answer: IncomingMessage): () => string {
  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return () => text;
}

test('a reader that is too slow misses the oldest of what waits, and is told how many', async () => {
  const { stream, answer } = await opened();
  const sent = 1_000;
  const data = { text: 'x'.repeat(1_000) };
  // Nothing leaves the process before these have been sent.
  for (let n = 0; n < sent; n++) stream.send({ id: `p.${n}`, event: 'evaluation', data });
  const read = reading(answer);
  await expect.poll(read).toContain(`id: p.${sent - 1}\n`);
  const places = [...read().matchAll(/^id: p\.(\d+)$/gm)].map(([, place]) => Number(place));
  const [, count = ''] = /^event: dropped\ndata: \{"count":(\d+)\}$/m.exec(read()) ?? [];
  expect(Number(count)).toBe(sent - places.length);
  const first = places.findIndex((place, at) => place !== at);
  expect(places.slice(first)).toEqual(Array.from({ length: 200 }, (_, at) => sent - 200 + at));
  const told = read().indexOf('event: dropped');
  expect(told).toBeGreaterThan(read().indexOf(`id: p.${first - 1}\n`));
  expect(told).toBeLessThan(read().indexOf(`id: p.${sent - 200}\n`));
});

test('a comment every 15 s keeps a quiet stream open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { answer } = await opened();
  const read = reading(answer);
  await expect.poll(read).toBe(': open\n\n');
  vi.advanceTimersByTime(30_000);
  await expect.poll(read).toBe(': open\n\n: \n\n: \n\n');
});
