/** The stores of several server processes that work through the same queue. */
import type { Stores } from '../server/stores.ts';
import { RedisCounters } from './counters.ts';
import { RedisCounts } from './counts.ts';
import { RedisEvaluations } from './evaluations.ts';
import { RedisHookSets } from './hook-sets.ts';
import type { RedisStoreOptions } from './options.ts';
import { RedisShadows } from './shadows.ts';
import { RedisStates } from './states.ts';
import { RedisThreads } from './threads.ts';
import { RedisVersions } from './versions.ts';

export function redisStores(options: RedisStoreOptions): Stores {
  return {
    hookSets: new RedisHookSets(options),
    versions: new RedisVersions(options),
    threads: new RedisThreads(options),
    evaluations: new RedisEvaluations(options),
    counters: new RedisCounters(options),
    states: new RedisStates(options),
    shadows: new RedisShadows(options),
    counts: new RedisCounts(options),
  };
}
