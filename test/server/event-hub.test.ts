import { afterEach, expect, it, vi } from 'vitest';
import {
  EventHub,
  type EventRelay,
  type PublishedEvent,
  type RelayedEvent,
} from '../../src/server/event-hub.ts';

afterEach(() => void vi.useRealTimers());

class FakeRelay implements EventRelay {
  readonly sent: PublishedEvent[] = [];
  readonly listeners = new Set<(event: RelayedEvent) => void>();

  send(event: PublishedEvent): void {
    this.sent.push(event);
  }

  listen(listener: (event: RelayedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

const event = (tenant: string, n = 1) =>
  ({ tenant, event: 'evaluation', data: { n } }) as const satisfies RelayedEvent;

it('what happens here is told to the other servers, and nothing of theirs is sent on', () => {
  const relay = new FakeRelay();
  const hub = new EventHub(relay);
  const seen: object[] = [];
  hub.subscribe('a', ({ data }) => seen.push(data));
  hub.publish('a', 'evaluation', () => ({ n: 1 }));
  for (const tell of relay.listeners) tell(event('a', 2));
  expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  expect(relay.sent.map(({ data, ...rest }) => ({ ...rest, data: data() }))).toEqual([
    event('a', 1),
  ]);
});

it('the other servers are listened to only while somebody reads', () => {
  const relay = new FakeRelay();
  const hub = new EventHub(relay);
  expect(relay.listeners.size).toBe(0);
  const ends = ['a', 'b'].map((tenant) => hub.subscribe(tenant, () => undefined));
  expect(relay.listeners.size).toBe(1);
  ends[0]?.();
  expect(relay.listeners.size).toBe(1);
  ends[1]?.();
  ends[1]?.();
  expect(relay.listeners.size).toBe(0);
  hub.subscribe('a', () => undefined)();
  expect(relay.listeners.size).toBe(0);
});

it('a tenant reads no event of another one, wherever it happened', () => {
  const relay = new FakeRelay();
  const hub = new EventHub(relay);
  const seen: object[] = [];
  hub.subscribe('a', ({ data }) => seen.push(data));
  for (const tell of relay.listeners) tell(event('b'));
  hub.publish('b', 'evaluation', () => ({}));
  expect(seen).toEqual([]);
});

it('an event that nobody reads is not made', () => {
  const hub = new EventHub(new FakeRelay());
  const data = vi.fn(() => ({}));
  hub.publish('a', 'evaluation', data);
  const end = hub.subscribe('b', () => undefined);
  hub.publish('a', 'evaluation', data);
  end();
  hub.publish('b', 'evaluation', data);
  expect(data).not.toHaveBeenCalled();
});

it('the ids of a tenant tell nothing of how much others do', () => {
  const hub = new EventHub();
  const ids: Record<string, string[]> = { a: [], b: [] };
  for (const [tenant, own] of Object.entries(ids)) hub.subscribe(tenant, ({ id }) => own.push(id));
  hub.publish('a', 'evaluation', () => ({}));
  for (let n = 0; n < 40; n++) hub.publish('b', 'evaluation', () => ({}));
  hub.publish('a', 'evaluation', () => ({}));
  const places = ids['a']?.map((id) => Number(id.split('.')[1]));
  expect(places).toEqual([1, 2]);
  expect(ids['a']?.[0]?.split('.')[0]).not.toBe(ids['b']?.[0]?.split('.')[0]);
  expect(hub.since('b', ids['a']?.[0] ?? '')).toBeUndefined();
});

it('a reader that comes back within a minute gets what it has missed, and a later one is told', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const hub = new EventHub();
  const ids: string[] = [];
  const subscribe = () => hub.subscribe('a', ({ id }) => ids.push(id));
  const publish = (n: number) => hub.publish('a', 'evaluation', () => ({ n }));
  let end = subscribe();
  publish(1);
  end();
  vi.advanceTimersByTime(59_000);
  publish(2);
  expect(hub.since('a', ids[0] ?? '')).toMatchObject([{ data: { n: 2 } }]);
  end = subscribe();
  publish(3);
  end();
  vi.advanceTimersByTime(60_000);
  publish(4);
  expect(hub.since('a', ids[1] ?? '')).toBeUndefined();
  subscribe();
  publish(5);
  expect(ids).toHaveLength(3);
  expect(hub.since('a', ids[1] ?? '')).toBeUndefined();
});

it('a reader that comes back where nobody listened to the other servers is told', () => {
  const hub = new EventHub(new FakeRelay());
  const ids: string[] = [];
  const end = hub.subscribe('a', ({ id }) => ids.push(id));
  hub.publish('a', 'evaluation', () => ({}));
  expect(hub.since('a', ids[0] ?? '')).toEqual([]);
  end();
  expect(hub.since('a', ids[0] ?? '')).toBeUndefined();
});
