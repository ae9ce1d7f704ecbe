/** Nothing of the queue stays in Redis for ever: how long what is kept, and who keeps it alive. */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey } from '../redis/keys.ts';

/** Finished jobs stay so long (seconds), and so many, for those who missed the event. */
export const keepFinished = { age: 60, count: 1_000 } as const;
/** BullMQ's events, which only others read. Its default of 10,000, with results of 256 KiB, would fill Redis. */
const eventsKept = 2_000;
/** A job that nobody takes, and whose sender is gone, ends so many milliseconds after its budget. */
export const expireAfterBudgetMs = 600_000;
/** One whose sender did not say how long it is kept: the longest budget, and an hour. */
export const foreignJobMs = 7_200_000;

/** A queue that no process has to do with any more is forgotten after a day. */
const queueMs = 86_400_000;
/** Milliseconds between two renewals by one process. */
const renewEveryMs = 60_000;
/** What BullMQ keeps of a queue beside its jobs. */
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

/** One process's part in keeping a queue alive. */
export class Retention {
  readonly #keys: readonly string[];
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(queue: string) {
    this.#keys = names.map((name) => bullKey(queue, name));
  }

  /** Renews what is due; cheap to call often. */
  async renew(redis: RedisClient): Promise<void> {
    if (performance.now() - this.#renewedAt > renewEveryMs) await this.renewNow(redis);
  }

  /** Before a process leaves: keys that were made since the last time have no end yet. */
  async renewNow(redis: RedisClient): Promise<void> {
    this.#renewedAt = performance.now();
    await redis.eval(renewScript, this.#keys.length, ...this.#keys, queueMs, eventsKept);
  }
}
