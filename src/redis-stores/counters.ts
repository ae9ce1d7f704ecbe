/**
 * Counters in Redis, shared by all servers of a queue: a hash per tenant, and a sorted set by the
 * time of the last change. Counters beyond the limit are removed, oldest first; a tenant's counters
 * expire a month after its last increment.
 */

import { countersKey, counterTimesKey, hashOf } from '../redis/keys.ts';
import { type CounterKey, type Counters, storeLimits } from '../server/stores.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';

const lifeMs = 30 * 86_400_000;

/**
 * KEYS: counts, times. ARGV: field, most fields, life. A count that is no whole number is replaced
 * by 1.
 */
const addScript = `${wholeNumber}
local time = redis.call('TIME')
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and not whole(known) then redis.call('HDEL', KEYS[1], ARGV[1]) end
local count = redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[2])
if over > 0 then
  for _, field in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do
    redis.call('HDEL', KEYS[1], field)
    redis.call('ZREM', KEYS[2], field)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return count`;

/** ARGV: field. */
const clearScript = `
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])`;

export class RedisCounters implements Counters {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async get(key: CounterKey): Promise<number> {
    const { redis, queue } = this.#options;
    const count = Number(
      await ask(nameOf(key), redis.hget(countersKey(queue, key.tenant), fieldOf(key))),
    );
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  }

  async add(key: CounterKey): Promise<number> {
    const { counters } = this.#options.limits ?? storeLimits;
    return Number(await this.#eval(addScript, key, counters, lifeMs));
  }

  async clear(key: CounterKey): Promise<void> {
    await this.#eval(clearScript, key);
  }

  #eval(script: string, key: CounterKey, ...values: readonly number[]): Promise<unknown> {
    const { redis, queue } = this.#options;
    const keys = [countersKey(queue, key.tenant), counterTimesKey(queue, key.tenant)];
    return ask(nameOf(key), redis.eval(script, keys.length, ...keys, fieldOf(key), ...values));
  }
}

function fieldOf({ session, name }: CounterKey): string {
  return hashOf(session, name);
}

function nameOf({ tenant }: CounterKey): string {
  return `the counters of the tenant ${tenant}`;
}
