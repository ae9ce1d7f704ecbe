/**
 * Live events of servers that share a Redis, over a channel of pub/sub. Nothing waits for it, and
 * nothing is lost but what people watch: lists and records are in the stores. Where no other server
 * listens, events are neither made nor sent: Redis is asked in place of each message.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from '../redis/connection.ts';
import { eventsChannel } from '../redis/keys.ts';
import type { EventRelay, PublishedEvent, RelayedEvent } from '../server/event-hub.ts';

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
  #waiting: PublishedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #subscriber: RedisClient | undefined;

  constructor(options: EventChannelOptions) {
    this.#options = options;
    this.#channel = eventsChannel(options.queue);
  }

  send(event: PublishedEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > mostEvents) this.#waiting.shift();
    this.#timer ??= setTimeout(() => void this.#flush(), batchMs).unref();
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
      this.#subscriber = undefined;
    };
  }

  /** Events that wait are not sent any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#subscriber?.disconnect();
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (!(await this.#hasReaders())) return;
    const events = waiting.map(({ data, ...rest }) => ({ ...rest, data: data() }));
    const text = JSON.stringify({ from: this.#own, events });
    await this.#options.redis.publish(this.#channel, text).catch(() => undefined);
  }

  /**
   * Whether another server listens; true where that cannot be told: this server may be counted or
   * not, a node of a cluster counts only its own clients, and an ACL may forbid the question.
   */
  async #hasReaders(): Promise<boolean> {
    const { redis } = this.#options;
    if (redis.isCluster || this.#subscriber !== undefined) return true;
    try {
      const [, count] = await redis.pubsub('NUMSUB', this.#channel);
      return Number(count) > 0;
    } catch {
      return true;
    }
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
