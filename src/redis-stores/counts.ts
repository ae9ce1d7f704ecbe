/**
 * The counts of evaluations in Redis, shared by all servers of a queue: a hash per tenant with a field
 * for each outcome in each step of five minutes, 1,728 at most. Steps are those of the clock of Redis.
 */
import { countsKey } from '../redis/keys.ts';
import {
  type CountedStep,
  type CountStore,
  countStepMs,
  countSteps,
  inWindow,
  noCounts,
} from '../server/count-store.ts';
import { type Outcome, outcomes } from '../server/outcome.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';

/**
 * KEYS: counts. ARGV: the outcome, seconds of a step, steps that are kept. The first count of a field
 * removes all fields that are older: so does one evaluation of five minutes for each outcome. A count
 * that is no whole number starts again.
 */
const addScript = `${wholeNumber}
local now = math.floor(redis.call('TIME')[1] / tonumber(ARGV[2]))
local field = string.format('%d:%s', now, ARGV[1])
local count = redis.call('HGET', KEYS[1], field)
if count and not whole(count) then redis.call('HDEL', KEYS[1], field) end
if not count then
  for _, known in ipairs(redis.call('HKEYS', KEYS[1])) do
    local step = whole(string.match(known, '^(%d+):'))
    if not step or step <= now - tonumber(ARGV[3]) or step > now then redis.call('HDEL', KEYS[1], known) end
  end
end
redis.call('HINCRBY', KEYS[1], field, 1)
redis.call('EXPIRE', KEYS[1], ARGV[2] * ARGV[3])`;

const listScript = `return {redis.call('TIME')[1], redis.call('HGETALL', KEYS[1])}`;

export class RedisCounts implements CountStore {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async add(tenant: string, outcome: Outcome): Promise<void> {
    await this.#eval(addScript, tenant, [outcome, countStepMs / 1_000, countSteps]);
  }

  async list(tenant: string): Promise<readonly CountedStep[]> {
    const [seconds, fields] = (await this.#eval(listScript, tenant)) as [string, string[]];
    const now = Math.floor((Number(seconds) * 1_000) / countStepMs);
    const steps = new Map<number, CountedStep>();
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, step = '', name] = /^(\d{1,12}):(.*)$/.exec(String(fields[at])) ?? [];
      const outcome = outcomes.find((one) => one === name);
      const count = Number(fields[at + 1]);
      // A field that no server writes: a lost count changes no decision.
      if (outcome === undefined || !Number.isSafeInteger(count) || count < 0) continue;
      if (!inWindow(Number(step), now)) continue;
      const known = steps.get(Number(step)) ?? { step: Number(step), ...noCounts };
      steps.set(Number(step), { ...known, [outcome]: count });
    }
    return [...steps.values()].sort((a, b) => a.step - b.step);
  }

  #eval(
    script: string,
    tenant: string,
    values: readonly (string | number)[] = [],
  ): Promise<unknown> {
    const { redis, queue } = this.#options;
    const asked = redis.eval(script, 1, countsKey(queue, tenant), ...values);
    return ask(`the counts of the tenant ${tenant}`, asked);
  }
}
