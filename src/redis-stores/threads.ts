/**
 * On-demand hooks of threads that several servers share. A thread that no request has evaluated or
 * read for a year expires; the tenant's index holds when each one expires, so that expired ones do
 * not count.
 */

import { threadKey, threadSwitchesKey, threadsKey } from '../redis/keys.ts';
import { type SwitchOutcome, storeLimits, type ThreadStore } from '../server/stores.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask, withTimeout } from './redis-errors.ts';

const dayMs = 86_400_000;
const lifeMs = 366 * dayMs;
/** The expiry of a thread in use is renewed once a day, not with every evaluation. */
const renewedBelowMs = lifeMs - dayMs;

/**
 * KEYS: the thread, the tenant's index, the switches of each of its threads and their `total`. The
 * first write adds no data, so that a full Redis accepts all writes of the script.
 */
const renew = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function renew(life)
  redis.call('PEXPIREAT', KEYS[1], now + life)
  redis.call('ZADD', KEYS[2], now + life, KEYS[1])
  redis.call('PEXPIREAT', KEYS[2], now + life)
  redis.call('PEXPIREAT', KEYS[3], now + life)
end`;

const count = `${wholeNumber}
local function total()
  return whole(redis.call('HGET', KEYS[3], 'total')) or 0
end
local function count(key, switches)
  local before = whole(redis.call('HGET', KEYS[3], key)) or 0
  local sum = math.max(0, total() + switches - before)
  if switches == 0 then redis.call('HDEL', KEYS[3], key) else redis.call('HSET', KEYS[3], key, switches) end
  if sum == 0 then redis.call('DEL', KEYS[3]) else redis.call('HSET', KEYS[3], 'total', sum) end
end`;

/** ARGV: life, renewed below. */
const activeScript = `${renew}
local hooks = redis.call('SMEMBERS', KEYS[1])
if #hooks > 0 and redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then renew(ARGV[1]) end
return hooks`;

/** ARGV: life, hook, most threads, most hooks, most switches. */
const switchOnScript = `${renew}${count}
if redis.call('SISMEMBER', KEYS[1], ARGV[2]) == 0 then
  local hooks = redis.call('SCARD', KEYS[1])
  if hooks >= tonumber(ARGV[4]) or total() >= tonumber(ARGV[5]) then return 'full' end
  if hooks == 0 and redis.call('ZCOUNT', KEYS[2], now, '+inf') >= tonumber(ARGV[3]) then return 'full' end
  redis.call('SADD', KEYS[1], ARGV[2])
  count(KEYS[1], hooks + 1)
end
renew(ARGV[1])
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do
  count(ended, 0)
  redis.call('ZREM', KEYS[2], ended)
end
return 'on'`;

/** ARGV: hook. A key that is no set of switches is deleted as a whole. */
const switchOffScript = `${count}
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'set' and kind ~= 'none' then
  redis.call('DEL', KEYS[1])
  count(KEYS[1], 0)
elseif redis.call('SREM', KEYS[1], ARGV[1]) == 1 then count(KEYS[1], redis.call('SCARD', KEYS[1])) end
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], KEYS[1]) end`;

export class RedisThreads implements ThreadStore {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async active(tenant: string, thread: string, withinMs?: number): Promise<readonly string[]> {
    return (await withTimeout(
      this.#eval(activeScript, tenant, thread, lifeMs, renewedBelowMs),
      withinMs,
    )) as string[];
  }

  async switchOn(tenant: string, thread: string, hook: string): Promise<SwitchOutcome> {
    const { threads, hooksPerThread, switches } = this.#options.limits ?? storeLimits;
    return (await this.#eval(
      switchOnScript,
      tenant,
      thread,
      lifeMs,
      hook,
      threads,
      hooksPerThread,
      switches,
    )) as SwitchOutcome;
  }

  async switchOff(tenant: string, thread: string, hook: string): Promise<void> {
    await this.#eval(switchOffScript, tenant, thread, hook);
  }

  #eval(
    script: string,
    tenant: string,
    thread: string,
    ...values: readonly (string | number)[]
  ): Promise<unknown> {
    const { redis, queue } = this.#options;
    const keys = [
      threadKey(queue, tenant, thread),
      threadsKey(queue, tenant),
      threadSwitchesKey(queue, tenant),
    ];
    return ask(
      `the thread ${JSON.stringify(thread)} of the tenant ${tenant}`,
      redis.eval(script, keys.length, ...keys, ...values),
    );
  }
}
