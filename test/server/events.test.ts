import { IncomingMessage, request as open, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { parseTokens } from '../../src/server/auth.ts';
import { eventMessages } from '../../src/server/console-schemas.ts';
import { EventHub } from '../../src/server/event-hub.ts';
import { EventStream } from '../../src/server/event-stream.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';
import { sendRaw } from './half-requests.ts';

const tokens = parseTokens(
  'tokens.yaml',
  `- {token: blue-token-0123456789, tenant: blue, role: admin, name: Ada}
- {token: view-token-0123456789, tenant: blue, role: view}
- {token: red-token-0123456789, tenant: red, role: admin}
`,
);
const as = (who: string) => ({ authorization: `Bearer ${who}-token-0123456789` });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function server() {
  const { app } = appUnderTest({ tokens });
  await app.listen({ host: '127.0.0.1', port: 0 });
  closers.push(async () => app.close());
  const { port } = app.server.address() as AddressInfo;
  const listen = (who: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; read: () => string; ended: Promise<void> }>(
      (resolve, reject) => {
        const asked = open({ port, path: '/v1/events', headers: { ...as(who), ...headers } });
        asked.on('response', (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          const ended = new Promise<void>((done) => answer.once('close', () => done()));
          resolve({ status: answer.statusCode, read: () => text, ended });
        });
        asked.on('error', reject);
        asked.end();
        closers.unshift(async () => void asked.destroy());
      },
    );
  const evaluate = (who: string, id: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: stopContext, hooks: stopHook('exit 2'), evaluationId: id },
      headers: as(who),
    });
  return { app, port, listen, evaluate };
}

/** The messages of a stream, without comments. */
function messages(text: string) {
  return text.split('\n\n').flatMap((block) => {
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.split(': ')[0], line.split(': ').slice(1).join(': ')]),
    );
    return fields['event'] === undefined
      ? []
      : [{ event: fields['event'], id: fields['id'], data: JSON.parse(fields['data'] ?? '') }];
  });
}

test('evaluations and changes of hook sets arrive as they happen, those of the tenant alone', async () => {
  const { app, listen, evaluate } = await server();
  const [blue, red] = [await listen('view'), await listen('red')];
  await evaluate('blue', 'one');
  await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/a',
    payload: { hooks: stopHook('exit 0') },
    headers: as('blue'),
  });
  await app.inject({ method: 'DELETE', url: '/v1/hooksets/a', headers: as('blue') });
  await expect.poll(() => messages(blue.read())).toHaveLength(3);
  const [first, second, third] = messages(blue.read());
  expect(eventMessages.evaluation.parse(first?.data)).toMatchObject({ id: 'one', how: 'hook' });
  expect(eventMessages.hookset.parse(second?.data)).toMatchObject({ change: 'stored', by: 'Ada' });
  expect(eventMessages.hookset.parse(third?.data)).toMatchObject({ name: 'a', change: 'deleted' });
  expect(messages(red.read())).toEqual([]);
});

test('a reader that comes back gets what it has missed', async () => {
  const { listen, evaluate } = await server();
  const first = await listen('blue');
  await evaluate('blue', 'one');
  await expect.poll(() => messages(first.read())).toHaveLength(1);
  await evaluate('blue', 'two');
  const again = await listen('blue', { 'last-event-id': messages(first.read())[0]?.id ?? '' });
  await expect.poll(() => messages(again.read()).map(({ data }) => data.id)).toEqual(['two']);
  const other = await listen('blue', { 'last-event-id': 'other.1' });
  await expect.poll(() => messages(other.read()).map(({ event }) => event)).toEqual(['dropped']);
});

test('a tenant has half of 32 streams, and a closing server ends them', async () => {
  const { app, listen } = await server();
  const all = await Promise.all(Array.from({ length: 16 }, () => listen('blue')));
  expect((await listen('blue')).status).toBe(503);
  expect((await listen('red')).status).toBe(200);
  await app.close();
  await Promise.all(all.map(({ ended }) => ended));
});

test('streams that wait behind another one on their connection end with it', async () => {
  const { port, listen } = await server();
  const { authorization } = as('blue');
  const ask = `GET /v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n\r\n`;
  const { socket, text, closed } = await sendRaw(port, ask.repeat(16));
  await expect.poll(text).toContain(': open');
  expect((await listen('blue')).status).toBe(503);
  socket.destroy();
  await closed;
  await expect.poll(async () => (await listen('blue')).status).toBe(200);
  const others = await Promise.all(Array.from({ length: 15 }, () => listen('blue')));
  expect(others.map(({ status }) => status)).toEqual(Array(15).fill(200));
});

test('a reader that reads nothing between two heartbeats is left, and one that reads is not', () => {
  vi.useFakeTimers();
  closers.push(async () => void vi.useRealTimers());
  // Nobody reads from a response without a connection.
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const stream = new EventStream(response);
  stream.send({ id: '1', event: 'evaluation', data: { text: 'x'.repeat(1 << 20) } });
  vi.advanceTimersByTime(15_000);
  response.emit('drain');
  stream.send({ id: '2', event: 'evaluation', data: {} });
  vi.advanceTimersByTime(15_000);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(15_000);
  expect(response.destroyed).toBe(true);
});

test('the hub keeps 1,000 events, and tells where some of them are gone', () => {
  const hub = new EventHub();
  const ids: string[] = [];
  hub.subscribe('a', ({ id }) => void ids.push(id));
  for (let n = 0; n < 1_100; n++) hub.publish('a', 'evaluation', () => ({ n }));
  expect(hub.since('a', ids[50] ?? '')).toBeUndefined();
  expect(hub.since('a', ids[1_000] ?? '')).toHaveLength(99);
  expect(hub.since('b', ids.at(-1) ?? '')).toBeUndefined();
  expect(hub.since('a', 'nonsense')).toBeUndefined();
});
