/** Live events of servers that share a Redis. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { connect, type RedisClient, untilReady } from '../../src/redis/connection.ts';
import { eventsChannel } from '../../src/redis/keys.ts';
import { EventChannel } from '../../src/redis-stores/event-channel.ts';
import type { RelayedEvent } from '../../src/server/event-hub.ts';
import { TestRedis } from '../support/redis.ts';

let redis: TestRedis;
const clients: RedisClient[] = [];
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(() => redis.kill());

const patient = { timeout: 10_000 };
const event = (n: number): RelayedEvent => ({ tenant: 'a', event: 'evaluation', data: { n } });
const published = (n: number) => ({ ...event(n), data: () => ({ n }) });

async function server(queue = 'hooks') {
  const open = (kind: 'producer' | 'worker') => {
    const client = connect(redis.settings, kind, () => undefined);
    clients.push(client);
    return client;
  };
  const client = open('producer');
  await untilReady(client, 5_000);
  const channel = new EventChannel({ redis: client, connect: () => open('worker'), queue });
  return { client, channel };
}

const readers = async (client: RedisClient, queue = 'hooks') =>
  Number(((await client.call('PUBSUB', 'NUMSUB', eventsChannel(queue))) as unknown[])[1]);

it('an event of one server reaches the readers of the others of its queue, and not its own', async () => {
  const [one, other, foreign] = [await server(), await server(), await server('else')];
  const seen: [string, RelayedEvent][] = [];
  const ends = [
    one.channel.listen((told) => seen.push(['one', told])),
    other.channel.listen((told) => seen.push(['other', told])),
    foreign.channel.listen((told) => seen.push(['foreign', told])),
  ];
  await vi.waitFor(async () => expect(await readers(one.client)).toBe(2), patient);
  one.channel.send(published(1));
  one.channel.send(published(2));
  await vi.waitFor(() => expect(seen).toHaveLength(2), patient);
  expect(seen).toEqual([
    ['other', event(1)],
    ['other', event(2)],
  ]);
  for (const end of ends) end();
  await vi.waitFor(async () => expect(await readers(one.client)).toBe(0), patient);
});

it('what is no message of a server is passed over, and of too many events the newest are told', async () => {
  const [one, other] = [await server(), await server()];
  const seen: RelayedEvent[] = [];
  const end = other.channel.listen((told) => seen.push(told));
  await vi.waitFor(async () => expect(await readers(one.client)).toBe(1), patient);
  for (const text of ['', '{', '[]', '{"from":"x","events":[{"tenant":1}]}'])
    await one.client.publish(eventsChannel('hooks'), text);
  for (let n = 0; n < 600; n++) one.channel.send(published(n));
  await vi.waitFor(() => expect(seen).toHaveLength(500), patient);
  expect([seen[0], seen.at(-1)]).toEqual([event(100), event(599)]);
  end();
});

it('an event is neither made nor sent where no other server listens', async () => {
  const [one, other] = [await server(), await server()];
  const asked = vi.spyOn(one.client, 'pubsub');
  const sent = vi.spyOn(one.client, 'publish');
  const data = vi.fn(() => ({ n: 1 }));
  one.channel.send({ ...event(1), data });
  await vi.waitFor(() => expect(asked).toHaveResolvedTimes(1), patient);
  await new Promise(setImmediate);
  expect([data.mock.calls, sent.mock.calls]).toEqual([[], []]);
  const seen: RelayedEvent[] = [];
  const end = other.channel.listen((told) => seen.push(told));
  await vi.waitFor(async () => expect(await readers(one.client)).toBe(1), patient);
  one.channel.send({ ...event(1), data });
  await vi.waitFor(() => expect(seen).toEqual([event(1)]), patient);
  expect(data).toHaveBeenCalledOnce();
  end();
});

it('an event is sent where Redis does not tell who listens', async () => {
  const [one, other] = [await server(), await server()];
  const seen: RelayedEvent[] = [];
  const end = other.channel.listen((told) => seen.push(told));
  await vi.waitFor(async () => expect(await readers(one.client)).toBe(1), patient);
  vi.spyOn(one.client, 'pubsub').mockRejectedValue(new Error('NOPERM'));
  one.channel.send(published(1));
  await vi.waitFor(() => expect(seen).toEqual([event(1)]), patient);
  end();
});
