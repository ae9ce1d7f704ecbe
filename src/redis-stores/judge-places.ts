/**
 * How many questions each judge has at once, and how long it rests for a tenant, shared by all
 * outbound workers of a queue. A place is an entry that expires unless its worker renews it, so that
 * the places of a dead worker are free again ten seconds later.
 */
import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connection.ts';
import { judgePlacesKey, judgeRestKey, judgeRestOfAllKey } from '../redis/keys.ts';
import { wholeNumber } from './lua.ts';

/** Milliseconds. Most questions have their answer before the first renewal. */
const defaultLeaseMs = 10_000;
/** The failures of a tenant that are older than its last one by ten minutes are forgotten. */
const rowMs = 600_000;

/**
 * KEYS: the places of the judge, those of its tenant, the rest of all, the row of the tenant. ARGV:
 * the place, most of all, most of the tenant, life.
 */
const takeScript = `${wholeNumber}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = whole(redis.call('HGET', KEYS[4], 'until')) or 0
local failures = whole(redis.call('HGET', KEYS[4], 'failures')) or 0
local rest = math.max(0, redis.call('PTTL', KEYS[3]), ends - now)
if rest > 0 then return {0, rest, failures} end
for at = 1, 2 do
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', now)
  if redis.call('ZCARD', KEYS[at]) >= tonumber(ARGV[at + 1]) then return {0, 0, failures} end
end
for at = 1, 2 do
  redis.call('ZADD', KEYS[at], now + ARGV[4], ARGV[1])
  redis.call('PEXPIRE', KEYS[at], ARGV[4])
end
return {1, 0, failures}`;

/** KEYS: both places. ARGV: the place, life. A place that has expired is not taken again. */
const renewScript = `
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]
for at = 1, 2 do
  redis.call('ZADD', KEYS[at], 'XX', ends, ARGV[1])
  redis.call('PEXPIRE', KEYS[at], ARGV[2])
end`;

/** KEYS: the row of a tenant. ARGV: failures in a row, first rest, longest rest, life. */
const failedScript = `${wholeNumber}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local ends = whole(redis.call('HGET', KEYS[1], 'until')) or 0
local rest = 0
if failures >= tonumber(ARGV[1]) and ends <= now then
  local before = whole(redis.call('HGET', KEYS[1], 'rest'))
  rest = math.min(tonumber(ARGV[3]), before and 2 * before or tonumber(ARGV[2]))
  redis.call('HSET', KEYS[1], 'rest', rest, 'until', now + rest)
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return rest`;

interface RedisJudgePlacesOptions {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  readonly queue: string;
  /** Milliseconds for which a place is kept that nobody renews. Default: 10,000. */
  readonly leaseMs?: number;
}

interface Rule {
  readonly failuresInRow: number;
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Calls reject where Redis gives no answer. */
export class RedisJudgePlaces {
  readonly #options: RedisJudgePlacesOptions;

  constructor(options: RedisJudgePlacesOptions) {
    this.#options = options;
  }

  /**
   * Takes a place. @returns how to give it back, undefined where the judge rests or no place is free;
   * the milliseconds for which it rests for this tenant; and the tenant's failures in a row.
   */
  async take(
    judge: string,
    tenant: string,
    most: { readonly all: number; readonly tenant: number },
  ): Promise<{
    readonly release: (() => void) | undefined;
    readonly restMs: number;
    readonly failures: number;
  }> {
    const { redis, queue, leaseMs = defaultLeaseMs } = this.#options;
    const places = [judgePlacesKey(queue, judge), judgePlacesKey(queue, judge, tenant)];
    const keys = [...places, judgeRestOfAllKey(queue, judge), judgeRestKey(queue, judge, tenant)];
    const place = randomUUID();
    const limits = [most.all, most.tenant, leaseMs];
    const answer = await redis.eval(takeScript, keys.length, ...keys, place, ...limits);
    const [isTaken = 0, restMs = 0, failures = 0] = (answer as readonly unknown[]).map(Number);
    return {
      ...{ restMs, failures },
      release: isTaken === 1 ? this.#held(places, place, leaseMs) : undefined,
    };
  }

  #held(places: readonly string[], place: string, leaseMs: number): () => void {
    const { redis } = this.#options;
    const renew = () =>
      void redis.eval(renewScript, places.length, ...places, place, leaseMs).catch(() => undefined);
    const timer = setInterval(renew, leaseMs / 3);
    timer.unref();
    return () => {
      clearInterval(timer);
      for (const key of places) redis.zrem(key, place).catch(() => undefined);
    };
  }

  /** @returns the milliseconds of the rest that begins with this failure; 0: none does. */
  async failed(judge: string, tenant: string, rule: Rule): Promise<number> {
    const { redis, queue } = this.#options;
    const { failuresInRow, firstMs, mostMs } = rule;
    const key = judgeRestKey(queue, judge, tenant);
    return Number(await redis.eval(failedScript, 1, key, failuresInRow, firstMs, mostMs, rowMs));
  }

  answered(judge: string, tenant: string): void {
    const { redis, queue } = this.#options;
    redis.del(judgeRestKey(queue, judge, tenant)).catch(() => undefined);
  }

  /** The judge is asked for nobody for that many milliseconds. */
  rest(judge: string, restMs: number): void {
    const { redis, queue } = this.#options;
    redis.set(judgeRestOfAllKey(queue, judge), '1', 'PX', restMs).catch(() => undefined);
  }
}
