/** Expiry of the queue's data in Redis: how long each kind is kept, and how processes renew it. */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey } from '../redis/keys.ts';

/**
 * BullMQ keeps a finished job for 60 s, and at most 1,000 of them, for dispatchers that missed the
 * published result.
 */
export const keepFinished = { age: 60, count: 1_000 } as const;
/**
 * Entries of BullMQ's event stream, which only other programs read. BullMQ's default of 10,000,
 * with results of 256 KiB, would fill Redis.
 */
const eventsKept = 2_000;
/**
 * Milliseconds after its budget at which a job expires, even if no worker has taken it and its
 * sender is gone.
 */
export const expireAfterBudgetMs = 600_000;
/** Expiry of a job whose sender set none: the longest budget plus an hour. */
export const foreignJobMs = 7_200_000;

/** Expiry of a queue's own keys: a queue that no process uses is deleted after a day. */
const queueMs = 86_400_000;
/** Milliseconds between two renewals by one process. */
const renewEveryMs = 60_000;
/** BullMQ's keys of a queue, without those of its jobs. */
const names = [
  'meta',
  'id',
  'events',
  'wait',
  'paused',
  'active',
  'prioritized',
  'delayed',
  'completed',
  'failed',
  'stalled',
  'stalled-check',
  'marker',
  'pc',
  'limiter',
] as const;

/** KEYS[1] is BullMQ's `meta`. */
const renewScript = `
redis.call('HSET', KEYS[1], 'opts.maxLenEvents', ARGV[2])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end`;

/** Renews the expiry of a queue's keys, on behalf of one process. */
export class Retention {
  readonly #keys: readonly string[];
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(queue: string) {
    this.#keys = names.map((name) => bullKey(queue, name));
  }

  /** Renews the expiry if the last renewal is more than a minute ago; cheap to call often. */
  async renew(redis: RedisClient): Promise<void> {
    if (performance.now() - this.#renewedAt > renewEveryMs) await this.renewNow(redis);
  }

  /**
   * Renews at once. Processes call it before they exit, since keys created after the last renewal
   * have no expiry yet.
   */
  async renewNow(redis: RedisClient): Promise<void> {
    this.#renewedAt = performance.now();
    await redis.eval(renewScript, this.#keys.length, ...this.#keys, queueMs, eventsKept);
  }
}
