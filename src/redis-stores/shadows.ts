/**
 * The counts of shadow hooks in Redis, shared by all servers of a queue: a hash per tenant with a
 * description and four counts of each hook, and a sorted set by the time of the last run. Hooks
 * beyond the limit of the tenant are removed, oldest first, and so are those that have not run for
 * a month.
 */
import { type Agreement, agreements } from '../dispatch/shadow.ts';
import { shadowsKey, shadowTimesKey } from '../redis/keys.ts';
import { noShadowCounts, shadowKey, shadowLifeMs, shadowsOf } from '../server/shadow-counts.ts';
import type { ShadowCounts, ShadowHook, ShadowStore } from '../server/shadow-store.ts';
import { storeLimits } from '../server/stores.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';

/**
 * KEYS: counts, times. ARGV: hook, its description, the count to add to, most hooks, life, names of
 * all counts. A count that is no whole number starts again.
 */
const addScript = `${wholeNumber}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function remove(hook)
  redis.call('HDEL', KEYS[1], hook, hook .. ':firstAt')
  for at = 6, #ARGV do redis.call('HDEL', KEYS[1], hook .. ':' .. ARGV[at]) end
  redis.call('ZREM', KEYS[2], hook)
end
for _, hook in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[5]), 'LIMIT', 0, 100)) do
  remove(hook)
end
redis.call('HSETNX', KEYS[1], ARGV[1] .. ':firstAt', string.format('%d', now))
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local field = ARGV[1] .. ':' .. ARGV[3]
local count = redis.call('HGET', KEYS[1], field)
if count and not whole(count) then redis.call('HDEL', KEYS[1], field) end
redis.call('HINCRBY', KEYS[1], field, 1)
redis.call('ZADD', KEYS[2], now, ARGV[1])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then
  for _, hook in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do remove(hook) end
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[5]) end`;

/** KEYS: counts, times. ARGV: life. Reads both in one script, so that they belong together. */
const listScript = `
local time = redis.call('TIME')
local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
return {redis.call('HGETALL', KEYS[1]), redis.call('ZRANGEBYSCORE', KEYS[2], oldest, '+inf', 'WITHSCORES')}`;

export class RedisShadows implements ShadowStore {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async add(tenant: string, shadow: ShadowHook, agreement: Agreement): Promise<void> {
    const { shadows } = this.#options.limits ?? storeLimits;
    const { hookset, event, hook, actionSha256 } = shadow;
    const about = JSON.stringify({ hookset, event, hook, actionSha256 });
    const values = [shadowKey(shadow), about, agreement, shadows, shadowLifeMs, ...agreements];
    await this.#eval(addScript, tenant, values);
  }

  async list(tenant: string, hookset: string): Promise<readonly ShadowCounts[]> {
    const found = (await this.#eval(listScript, tenant, [shadowLifeMs])) as [string[], string[]];
    const fields = new Map(pairs(found[0]));
    const all = pairs(found[1]).flatMap(([key, lastAt]) => read(fields, key, lastAt) ?? []);
    return shadowsOf(all, hookset);
  }

  #eval(script: string, tenant: string, values: readonly (string | number)[]): Promise<unknown> {
    const { redis, queue } = this.#options;
    const keys = [shadowsKey(queue, tenant), shadowTimesKey(queue, tenant)];
    const asked = redis.eval(script, keys.length, ...keys, ...values);
    return ask(`the shadow hooks of the tenant ${tenant}`, asked);
  }
}

function pairs(list: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < list.length; at += 2)
    found.push([String(list[at]), String(list[at + 1])]);
  return found;
}

/** @returns undefined for an entry that cannot be read: a lost count changes no decision. */
function read(
  fields: ReadonlyMap<string, string>,
  key: string,
  lastAt: string,
): ShadowCounts | undefined {
  try {
    const { hookset, event, hook, actionSha256 } = JSON.parse(
      fields.get(key) ?? '',
    ) as Partial<ShadowHook>;
    const texts = [hookset, event, hook, actionSha256];
    if (!texts.every((text) => typeof text === 'string')) return undefined;
    const counts = { ...noShadowCounts };
    for (const name of agreements)
      Object.assign(counts, { [name]: count(fields.get(`${key}:${name}`)) });
    const about = { hookset, event, hook, actionSha256 } as ShadowHook;
    const firstAt = time(fields.get(`${key}:firstAt`) ?? lastAt);
    return { ...about, ...counts, firstAt, lastAt: time(lastAt) };
  } catch {
    return undefined;
  }
}

function count(text: string | undefined): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function time(text: string): string {
  return new Date(Number(text)).toISOString();
}
