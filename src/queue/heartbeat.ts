/**
 * What a worker tells everybody while it lives: that it lives, how much it can do at once, and how
 * long its jobs take. Dispatchers estimate the wait from it and notice when it falls silent.
 */
import type { RedisClient } from './connection.ts';
import { bullKey, quarantineKey, workerKey, workersKey } from './keys.ts';
import { quarantineListed } from './poison.ts';

export interface WorkerState {
  /** Jobs at once. */
  readonly capacity: number;
  readonly running: number;
  /** Milliseconds that a slot is taken by one job; 0 when none has run. */
  readonly meanJobMs: number;
}

export interface Beat {
  readonly time: readonly [string, string];
  /** Jobs that any worker could take now. */
  readonly waiting: number;
  /** Hashes of the scripts that no worker shall run. */
  readonly quarantined: readonly string[];
}

export interface Crew {
  readonly time: readonly [string, string];
  readonly waiting: number;
  readonly workers: ReadonlyMap<string, WorkerState>;
}

export const beatMs = 500;
/** A worker that was not heard of for this long is dead, or as good as dead. */
const silenceMs = 2_000;

const beatScript = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], 60000)
local time = redis.call('TIME')
local quarantined = redis.call('ZREVRANGEBYSCORE', KEYS[5], '+inf', '(' .. time[1] * 1000, 'LIMIT', 0, ARGV[4])
return {time, redis.call('LLEN', KEYS[3]) + redis.call('ZCARD', KEYS[4]), quarantined}`;

/** ARGV[1] is the prefix of the workers' keys, which share the slot of KEYS. */
const crewScript = `
local found = {}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local state = redis.call('GET', ARGV[1] .. name)
  if state then
    found[#found + 1] = name
    found[#found + 1] = state
  else
    redis.call('SREM', KEYS[1], name)
  end
end
return {redis.call('TIME'), redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3]), found}`;

export async function beat(redis: RedisClient, queue: string, worker: string, state: WorkerState): Promise<Beat> {
  const lines = [bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const keys = [workerKey(queue, worker), workersKey(queue), ...lines, quarantineKey];
  const answer = await redis.eval(beatScript, keys.length, ...keys, JSON.stringify(state), worker, silenceMs, quarantineListed);
  const [time, waiting, quarantined] = answer as [[string, string], number, string[]];
  return { time, waiting, quarantined };
}

export async function readCrew(redis: RedisClient, queue: string): Promise<Crew> {
  const keys = [workersKey(queue), bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const answer = await redis.eval(crewScript, keys.length, ...keys, workerKey(queue, ''));
  const [time, waiting, flat] = answer as [[string, string], number, string[]];
  const workers = new Map<string, WorkerState>();
  for (let at = 0; at + 1 < flat.length; at += 2) workers.set(String(flat[at]), JSON.parse(String(flat[at + 1])) as WorkerState);
  return { time, waiting, workers };
}

/** Says goodbye, so that nobody waits for the silence. */
export async function leave(redis: RedisClient, queue: string, worker: string): Promise<void> {
  await redis.multi().del(workerKey(queue, worker)).srem(workersKey(queue), worker).exec();
}
