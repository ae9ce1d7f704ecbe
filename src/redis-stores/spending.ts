/**
 * What tenants have spent on judges, shared by all outbound workers of a queue: a hash per tenant
 * and day of UTC, which expires two days after its last change.
 */
import type { RedisClient } from '../redis/connection.ts';
import { spentKey } from '../redis/keys.ts';
import { wholeNumber } from './lua.ts';

const dayMs = 86_400_000;
const lifeMs = 2 * dayMs;
/** No limit. */
const most = Number.MAX_SAFE_INTEGER;

/** What a tenant may spend; undefined: any number. */
interface Limits {
  readonly tokensPerDay?: number | undefined;
  readonly callsPerMinute?: number | undefined;
}

/** What was spent when a call was refused: the limit that it would exceed, and the count so far. */
interface Refused {
  readonly by: 'calls' | 'tokens';
  readonly count: number;
}

/**
 * ARGV: tokens, most tokens, most calls, life. The minute is that of Redis, so that workers whose
 * clocks differ count the same one.
 */
const reserveScript = `${wholeNumber}
local minute = tostring(math.floor(redis.call('TIME')[1] / 60))
local tokens = whole(redis.call('HGET', KEYS[1], 'tokens')) or 0
local calls = 0
if redis.call('HGET', KEYS[1], 'minute') == minute then
  calls = whole(redis.call('HGET', KEYS[1], 'calls')) or 0
end
if calls + 1 > tonumber(ARGV[3]) then return {'calls', calls} end
if tokens + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return {'tokens', tokens} end
redis.call('HSET', KEYS[1], 'tokens', tokens + tonumber(ARGV[1]), 'minute', minute, 'calls', calls + 1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])`;

/** ARGV: tokens to add, which may be less than 0, and life. */
const settleScript = `${wholeNumber}
local tokens = whole(redis.call('HGET', KEYS[1], 'tokens')) or 0
redis.call('HSET', KEYS[1], 'tokens', math.max(0, tokens + tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

interface RedisSpendingOptions {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  readonly queue: string;
  /** Milliseconds since 1970, for the day. Default: the clock of this machine. */
  readonly now?: (() => number) | undefined;
}

export class RedisSpending {
  readonly #options: RedisSpendingOptions;

  constructor(options: RedisSpendingOptions) {
    this.#options = options;
  }

  /**
   * Takes tokens for one call. @returns what speaks against it; undefined: it is counted.
   * Rejects where Redis gives no answer.
   */
  async take(tenant: string, tokens: number, limits: Limits): Promise<Refused | undefined> {
    const { tokensPerDay = most, callsPerMinute = most } = limits;
    const answer = await this.#eval(reserveScript, tenant, tokens, tokensPerDay, callsPerMinute);
    if (!Array.isArray(answer)) return undefined;
    const [by, count] = answer as [Refused['by'], number];
    return { by, count };
  }

  /** @param tokens less than 0 gives them back. Rejects as take(). */
  async add(tenant: string, tokens: number): Promise<void> {
    await this.#eval(settleScript, tenant, tokens);
  }

  #eval(script: string, tenant: string, ...values: readonly number[]): Promise<unknown> {
    const { redis, queue, now = Date.now } = this.#options;
    const key = spentKey(queue, tenant, Math.floor(now() / dayMs));
    return redis.eval(script, 1, key, ...values, lifeMs);
  }
}
