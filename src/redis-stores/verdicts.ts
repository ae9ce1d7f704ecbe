/**
 * Verdicts of judges that all outbound workers of a queue share, where a hook lets them be kept. A
 * verdict that Redis does not give in time is asked for again: it is never a reason to wait.
 */
import { orFallbackWithin } from '../deadline.ts';
import type { RedisClient } from '../redis/connection.ts';
import { allVerdictsKey, verdictKey, verdictsKey } from '../redis/keys.ts';

/** Milliseconds that a question waits for Redis. */
const waitMs = 100;
/** A longer answer is not kept; a verdict has 50 to 2,000 bytes. */
const answerBytes = 8 << 10;
/** Of one tenant, and of all: 8 and 80 MiB at most. */
const mostVerdicts = { tenant: 1_000, all: 10_000 } as const;

/**
 * KEYS: the verdict, the index of its tenant, that of all. ARGV: the answer, life, most of a tenant,
 * most of all. Where there are too many, those that expire first go. A verdict that makes room for one
 * of another tenant counts for its own until it would have expired.
 */
const setScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for at, index in ipairs({KEYS[2], KEYS[3]}) do
  if redis.call('TYPE', index).ok ~= 'zset' then redis.call('DEL', index) end
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, now + ARGV[2], KEYS[1])
  local left = redis.call('PTTL', index)
  redis.call('PEXPIRE', index, math.max(left, tonumber(ARGV[2])))
end
for at, index in ipairs({KEYS[2], KEYS[3]}) do
  local over = redis.call('ZCARD', index) - ARGV[at + 2]
  if over > 0 then
    for _, key in ipairs(redis.call('ZRANGE', index, 0, over - 1)) do
      redis.call('DEL', key)
      redis.call('ZREM', KEYS[2], key)
      redis.call('ZREM', KEYS[3], key)
    end
  end
end`;

interface RedisVerdictsOptions {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  readonly queue: string;
  /** Default: 1,000 of a tenant and 10,000 of all. */
  readonly most?: { readonly tenant: number; readonly all: number };
}

export class RedisVerdicts {
  readonly #options: RedisVerdictsOptions;

  constructor(options: RedisVerdictsOptions) {
    this.#options = options;
  }

  /**
   * @param key a tenant, `:`, and the digest of the question.
   * @returns undefined also where Redis has no answer within 100 ms.
   */
  async get(key: string): Promise<string | undefined> {
    const { redis, queue } = this.#options;
    const { tenant, digest } = partsOf(key);
    const asking = redis.get(verdictKey(queue, tenant, digest));
    return (await orFallbackWithin(asking, null, waitMs)) ?? undefined;
  }

  /** Keeps an answer for as long; one that Redis does not take is lost. */
  set(key: string, text: string, seconds: number): void {
    if (Buffer.byteLength(text) > answerBytes) return;
    const { redis, queue, most = mostVerdicts } = this.#options;
    const { tenant, digest } = partsOf(key);
    const keys = [
      verdictKey(queue, tenant, digest),
      verdictsKey(queue, tenant),
      allVerdictsKey(queue),
    ];
    const lifeMs = Math.ceil(seconds * 1000);
    redis
      .eval(setScript, keys.length, ...keys, text, lifeMs, most.tenant, most.all)
      .catch(() => undefined);
  }
}

function partsOf(key: string): { readonly tenant: string; readonly digest: string } {
  const at = key.indexOf(':');
  return { tenant: key.slice(0, at), digest: key.slice(at + 1) };
}
