/**
 * The states of hooks in Redis, shared by all servers of a queue: a hash per tenant, a sorted set
 * by the time of the last change, and the bytes of all together. States beyond the limits of the
 * tenant are removed, oldest first, and so are those that nobody has written for a week.
 */
import type { StateKey, StateStore } from '../dispatch/states.ts';
import { packProblem } from '../protocol/state.ts';
import { hashOf, stateBytesKey, statesKey, stateTimesKey } from '../redis/keys.ts';
import { stateLifeMs, storeLimits } from '../server/stores.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';

const shared = `${wholeNumber}
local time = redis.call('TIME')
-- With microseconds: two changes of one millisecond have an order.
local now = time[1] * 1000 + time[2] / 1000
local function remove(field)
  local bytes = redis.call('HSTRLEN', KEYS[1], field)
  redis.call('HDEL', KEYS[1], field)
  redis.call('ZREM', KEYS[2], field)
  local sum = (whole(redis.call('GET', KEYS[3])) or 0) - bytes
  if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2], KEYS[3])
  else redis.call('SET', KEYS[3], string.format('%d', math.max(0, sum)), 'KEEPTTL') end
end`;

/** KEYS: states, times, bytes. ARGV: field, life. */
const getScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not changed or tonumber(changed) <= now - tonumber(ARGV[2]) then return nil end
return redis.call('HGET', KEYS[1], ARGV[1])`;

/** ARGV: field, life, state, most states, most bytes. An empty state is removed. */
export const boundedPutScript = `${shared}
remove(ARGV[1])
for _, field in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[2]), 'LIMIT', 0, 100)) do
  remove(field)
end
if #ARGV[3] == 0 then return end
while redis.call('ZCARD', KEYS[2]) > 0 and (redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4])
  or (whole(redis.call('GET', KEYS[3])) or 0) + #ARGV[3] > tonumber(ARGV[5])) do
  remove(redis.call('ZRANGE', KEYS[2], 0, 0)[1])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[2], string.format('%.3f', now), ARGV[1])
redis.call('SET', KEYS[3], string.format('%d', (whole(redis.call('GET', KEYS[3])) or 0) + #ARGV[3]))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2]) end`;

export class RedisStates implements StateStore {
  readonly #options: RedisStoreOptions;
  readonly #lifeMs: number;

  constructor(options: RedisStoreOptions, lifeMs = stateLifeMs) {
    this.#options = options;
    this.#lifeMs = lifeMs;
  }

  /** A state that cannot be written into a sandbox, because someone has changed it, is none. */
  async get(key: StateKey): Promise<Uint8Array | undefined> {
    const found = await this.#eval(getScript, key, this.#lifeMs);
    if (!(found instanceof Buffer)) return undefined;
    const problem = packProblem(found);
    if (problem === undefined) return found;
    await this.put(key, new Uint8Array(0));
    this.#options.warn(`A state of the tenant ${key.tenant} ${problem}: it is removed.`);
    throw new Error('it was damaged, and is empty from now on.');
  }

  async put(key: StateKey, pack: Uint8Array): Promise<void> {
    const { states, stateBytes } = this.#options.limits ?? storeLimits;
    const bytes = Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength);
    await this.#eval(boundedPutScript, key, this.#lifeMs, bytes, states, stateBytes);
  }

  #eval(
    script: string,
    { tenant, session, name }: StateKey,
    ...values: readonly (number | Buffer)[]
  ): Promise<unknown> {
    const { redis, queue } = this.#options;
    const keys = [statesKey, stateTimesKey, stateBytesKey].map((keyOf) => keyOf(queue, tenant));
    const asked = [script, keys.length, ...keys, hashOf(session, name), ...values];
    return ask(`the states of the tenant ${tenant}`, redis.callBuffer('EVAL', asked));
  }
}
