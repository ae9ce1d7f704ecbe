/**
 * Live events of servers that share a Redis, over a channel of pub/sub. Nothing waits for it, and
 * nothing is lost but what people watch: lists and records are in the stores.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from '../redis/connection.ts';
import { eventsChannel } from '../redis/keys.ts';
import type { EventRelay, RelayedEvent } from '../server/event-hub.ts';

/** Four messages a second at most: people read no faster. */
const batchMs = 250;
/** The most events of one message; of more the oldest are dropped. A summary has 1 KiB at most. */
const mostEvents = 500;

const messageSchema = z.object({
  from: z.string(),
  events: z
    .array(
      z.object({
        tenant: z.string(),
        event: z.enum(['evaluation', 'hookset']),
        data: z.looseObject({}),
      }),
    )
    .max(mostEvents),
});

export interface EventChannelOptions {
  /** For what is sent. */
  readonly redis: RedisClient;
  /** Opens a connection that does nothing else than listen. */
  readonly connect: () => RedisClient;
  readonly queue: string;
}

export class EventChannel implements EventRelay {
  readonly #options: EventChannelOptions;
  readonly #channel: string;
  readonly #own = randomUUID();
  #waiting: RelayedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #subscriber: RedisClient | undefined;

  constructor(options: EventChannelOptions) {
    this.#options = options;
    this.#channel = eventsChannel(options.queue);
  }

  send(event: RelayedEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > mostEvents) this.#waiting.shift();
    this.#timer ??= setTimeout(() => this.#flush(), batchMs).unref();
  }

  listen(listener: (event: RelayedEvent) => void): () => void {
    const subscriber = this.#options.connect();
    this.#subscriber = subscriber;
    subscriber.on('message', (_channel: string, text: string) => {
      for (const event of this.#eventsOf(text)) listener(event);
    });
    // ioredis subscribes again after each loss of the connection, and reports errors elsewhere.
    void subscriber.subscribe(this.#channel).catch(() => undefined);
    return () => {
      subscriber.removeAllListeners('message');
      subscriber.disconnect();
    };
  }

  /** Events that wait are not sent any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#subscriber?.disconnect();
  }

  #flush(): void {
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    const text = JSON.stringify({ from: this.#own, events });
    void this.#options.redis.publish(this.#channel, text).catch(() => undefined);
  }

  /** Nothing of a message that is no message of ours. */
  #eventsOf(text: string): readonly RelayedEvent[] {
    try {
      const { from, events } = messageSchema.parse(JSON.parse(text));
      return from === this.#own ? [] : events;
    } catch {
      return [];
    }
  }
}
