import { expect, it } from 'vitest';
import { EventHub, type EventRelay, type RelayedEvent } from '../../src/server/event-hub.ts';

class FakeRelay implements EventRelay {
  readonly sent: RelayedEvent[] = [];
  readonly listeners = new Set<(event: RelayedEvent) => void>();

  send(event: RelayedEvent): void {
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
  hub.publish('a', 'evaluation', { n: 1 });
  for (const tell of relay.listeners) tell(event('a', 2));
  expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  expect(relay.sent).toEqual([event('a', 1)]);
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
  hub.publish('b', 'evaluation', {});
  expect(seen).toEqual([]);
});
