/**
 * What a worker tells everybody while it lives: that it lives, how much it can do at once, and how
 * long its jobs take. Dispatchers estimate the wait from it and notice when it falls silent.
 */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey, quarantineKey, workerKey, workersKey } from '../redis/keys.ts';
import { quarantineListed } from './record.ts';

export interface WorkerState {
  /** Jobs at once; 0 when it takes none. */
  readonly capacity: number;
  /** It will take jobs as soon as it has tried its engine. */
  readonly starting?: boolean;
  readonly running: number;
  /** Milliseconds that a slot is taken by one job; 0 when none has run. */
  readonly meanJobMs: number;
  /** Milliseconds since its main thread answered last. Absent: a version that does not tell. */
  readonly stuckMs?: number;
}

export interface Beat {
  readonly time: readonly [string, string];
  /** Jobs that any worker could take now. */
  readonly waiting: number;
  /** Names of the scripts that are run in trials only. */
  readonly quarantined: readonly string[];
}

export interface Crew {
  readonly time: readonly [string, string];
  readonly waiting: number;
  /** Those that live. */
  readonly workers: ReadonlyMap<string, WorkerState>;
  /** Those whose entry cannot be read, such as one of a version to come: they live, as far as anybody can tell. */
  readonly unreadable: ReadonlySet<string>;
}

export const beatMs = 500;
/** A worker that was not heard of for this long is dead, or as good as dead. */
const silenceMs = 2_000;
/**
 * A worker whose main thread has not answered for this long is lost, though its heartbeat goes on: the thread that
 * sends it cannot be held up by work. The longest work seen on the main thread took 12 s.
 */
const stuckLimitMs = 15_000;

/** A key of another type than ours would fail the script: a worker's own is overwritten, a list of all is begun anew. */
const beatScript = `
if redis.call('TYPE', KEYS[2]).ok ~= 'set' then redis.call('DEL', KEYS[2]) end
if redis.call('TYPE', KEYS[5]).ok ~= 'zset' then redis.call('DEL', KEYS[5]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], 60000)
local time = redis.call('TIME')
local quarantined = redis.call('ZREVRANGEBYSCORE', KEYS[5], '+inf', '(' .. time[1] * 1000, 'LIMIT', 0, ARGV[4])
return {time, redis.call('LLEN', KEYS[3]) + redis.call('ZCARD', KEYS[4]), quarantined}`;

/**
 * ARGV[1] is the prefix of the workers' keys, which share the slot of KEYS. What is there and is no text is given as
 * the empty text, which nobody can read. Every worker gives its entry an end; one without would be a sign of life for
 * ever, so it gets one (ARGV[2]).
 */
const crewScript = `
if redis.call('TYPE', KEYS[1]).ok ~= 'set' then redis.call('DEL', KEYS[1]) end
local found = {}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local state = redis.pcall('GET', ARGV[1] .. name)
  if state then
    if redis.call('PTTL', ARGV[1] .. name) == -1 then redis.call('PEXPIRE', ARGV[1] .. name, ARGV[2]) end
    found[#found + 1] = name
    found[#found + 1] = type(state) == 'string' and state or ''
  else
    redis.call('SREM', KEYS[1], name)
  end
end
return {redis.call('TIME'), redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3]), found}`;

export async function beat(redis: RedisClient, queue: string, worker: string, state: WorkerState): Promise<Beat> {
  const lines = [bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const keys = [workerKey(queue, worker), workersKey(queue), ...lines, quarantineKey(queue)];
  const answer = await redis.eval(beatScript, keys.length, ...keys, JSON.stringify(state), worker, silenceMs, quarantineListed);
  const [time, waiting, quarantined] = answer as [[string, string], number, string[]];
  return { time, waiting, quarantined };
}

export async function readCrew(redis: RedisClient, queue: string): Promise<Crew> {
  const keys = [workersKey(queue), bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const answer = await redis.eval(crewScript, keys.length, ...keys, workerKey(queue, ''), silenceMs);
  const [time, waiting, flat] = answer as [[string, string], number, string[]];
  const workers = new Map<string, WorkerState>();
  const unreadable = new Set<string>();
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = String(flat[at]);
    const state = readState(String(flat[at + 1]));
    if (state === undefined) unreadable.add(name);
    else if ((state.stuckMs ?? 0) < stuckLimitMs) workers.set(name, state);
  }
  return { time, waiting, workers, unreadable };
}

/** Says goodbye, so that nobody waits for the silence. */
export async function leave(redis: RedisClient, queue: string, worker: string): Promise<void> {
  await redis.multi().del(workerKey(queue, worker)).srem(workersKey(queue), worker).exec();
}

/** One worker's entry spoils no estimate but its own. @returns undefined for what no worker of this version writes */
function readState(text: string): WorkerState | undefined {
  try {
    const { capacity, running, meanJobMs, stuckMs = 0, starting } = JSON.parse(text) as WorkerState;
    const isGood = [capacity, running, meanJobMs, stuckMs].every((value) => Number.isFinite(value) && value >= 0);
    return isGood ? { capacity, running, meanJobMs, stuckMs, starting: starting === true } : undefined;
  } catch {
    return undefined;
  }
}
