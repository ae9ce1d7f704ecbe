/**
 * On-demand hooks of conversations that several servers share. A thread that nobody evaluated or asked
 * for has ended after a year; the tenant's index knows when each one ends, so that it counts the same.
 */
import { threadKey, threadsKey } from '../../queue/keys.ts';
import { storeLimits, type ThreadStore } from '../stores.ts';
import { ask, inTime } from './ask.ts';
import type { RedisStoreOptions } from './options.ts';

const dayMs = 86_400_000;
const lifeMs = 366 * dayMs;
/** A thread in use is written once a day, not with every evaluation. */
const renewedBelowMs = lifeMs - dayMs;

/** KEYS: the thread, the tenant's index. The first write adds nothing, so that a full Redis takes all three. */
const renew = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function renew(life)
  redis.call('PEXPIREAT', KEYS[1], now + life)
  redis.call('ZADD', KEYS[2], now + life, KEYS[1])
  redis.call('PEXPIREAT', KEYS[2], now + life)
end`;

/** ARGV: life, renewed below. */
const activeScript = `${renew}
local hooks = redis.call('SMEMBERS', KEYS[1])
if #hooks > 0 and redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then renew(ARGV[1]) end
return hooks`;

/** ARGV: life, hook, most threads, most hooks. */
const switchOnScript = `${renew}
if redis.call('SISMEMBER', KEYS[1], ARGV[2]) == 0 then
  local hooks = redis.call('SCARD', KEYS[1])
  if hooks >= tonumber(ARGV[4]) then return 'full' end
  if hooks == 0 and redis.call('ZCOUNT', KEYS[2], now, '+inf') >= tonumber(ARGV[3]) then return 'full' end
  redis.call('SADD', KEYS[1], ARGV[2])
end
renew(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
return 'on'`;

/** ARGV: hook. */
const switchOffScript = `
redis.call('SREM', KEYS[1], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], KEYS[1]) end`;

export class RedisThreads implements ThreadStore {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async active(tenant: string, thread: string, withinMs?: number): Promise<readonly string[]> {
    return (await inTime(this.#eval(activeScript, tenant, thread, lifeMs, renewedBelowMs), withinMs)) as string[];
  }

  async switchOn(tenant: string, thread: string, hook: string): Promise<'on' | 'full'> {
    const { threads, hooksPerThread } = this.#options.limits ?? storeLimits;
    return (await this.#eval(switchOnScript, tenant, thread, lifeMs, hook, threads, hooksPerThread)) as 'on' | 'full';
  }

  async switchOff(tenant: string, thread: string, hook: string): Promise<void> {
    await this.#eval(switchOffScript, tenant, thread, hook);
  }

  #eval(script: string, tenant: string, thread: string, ...values: readonly (string | number)[]): Promise<unknown> {
    const { redis, queue } = this.#options;
    return ask(redis.eval(script, 2, threadKey(queue, tenant, thread), threadsKey(queue, tenant), ...values));
  }
}
