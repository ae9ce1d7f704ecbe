/**
 * The heartbeat that a worker publishes in Redis: its capacity, its running jobs and the mean time
 * of a job. Dispatchers estimate waits from it and detect lost workers by its absence.
 */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey, quarantineKey, workerKey, workersKey } from '../redis/keys.ts';
import { quarantineListed } from './record.ts';

export interface WorkerState {
  /** Jobs that the worker runs at once; 0 when it takes none. */
  readonly capacity: number;
  /**
   * Whether the worker is about to take jobs: it takes them as soon as it has checked its engine.
   */
  readonly starting?: boolean;
  readonly running: number;
  /** Mean milliseconds that a job occupies a slot; 0 when none has run. */
  readonly meanJobMs: number;
  /**
   * Milliseconds since the worker's main thread last responded. Absent in heartbeats of versions
   * that do not measure it.
   */
  readonly stuckMs?: number;
  /** What the worker tells of itself: a text of its composition root, at most `mostAbout` long. */
  readonly about?: string | undefined;
}

/** Characters: every dispatcher reads it twice a second. */
export const mostAbout = 16 << 10;

export interface Beat {
  readonly time: readonly [string, string];
  /** Jobs that any worker could take now. */
  readonly waiting: number;
  /** Names of the scripts that are run in trials only. */
  readonly quarantined: readonly string[];
}

export interface WorkerRoster {
  readonly time: readonly [string, string];
  readonly waiting: number;
  /** Live workers, by name. */
  readonly workers: ReadonlyMap<string, WorkerState>;
  /**
   * Workers whose entry cannot be parsed, such as one of a later version: they are assumed to be
   * alive.
   */
  readonly unreadable: ReadonlySet<string>;
}

export const beatMs = 500;
/** A worker without a heartbeat for this long counts as lost. */
const silenceMs = 2_000;
/**
 * A worker whose main thread has not responded for this long counts as lost although its heartbeat
 * continues: work on the main thread does not block the heartbeat thread. The longest work seen on
 * the main thread took 12 s.
 */
const stuckLimitMs = 15_000;

/**
 * A key of an unexpected type would fail the script: SET overwrites the worker's own key, and the
 * shared keys are deleted first.
 */
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
 * ARGV[1] is the prefix of the workers' keys, which share the cluster slot of KEYS. An entry that
 * is no string is returned as the empty string, which readState() rejects. Workers set an expiry on
 * their entries; an entry without one would count as alive forever, so the script sets one
 * (ARGV[2]).
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

export async function beat(
  redis: RedisClient,
  queue: string,
  worker: string,
  state: WorkerState,
): Promise<Beat> {
  const lines = [bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const keys = [workerKey(queue, worker), workersKey(queue), ...lines, quarantineKey(queue)];
  const answer = await redis.eval(
    beatScript,
    keys.length,
    ...keys,
    JSON.stringify(state),
    worker,
    silenceMs,
    quarantineListed,
  );
  const [time, waiting, quarantined] = answer as [[string, string], number, string[]];
  return { time, waiting, quarantined };
}

export async function readRoster(redis: RedisClient, queue: string): Promise<WorkerRoster> {
  const keys = [workersKey(queue), bullKey(queue, 'wait'), bullKey(queue, 'prioritized')];
  const answer = await redis.eval(
    crewScript,
    keys.length,
    ...keys,
    workerKey(queue, ''),
    silenceMs,
  );
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

/** Removes this worker at once instead of letting its heartbeat expire. */
export async function leave(redis: RedisClient, queue: string, worker: string): Promise<void> {
  await redis.multi().del(workerKey(queue, worker)).srem(workersKey(queue), worker).exec();
}

/**
 * Parses one worker's entry, so that a bad one affects no other estimate. @returns undefined for
 * what no worker of this version writes
 */
function readState(text: string): WorkerState | undefined {
  try {
    const state = JSON.parse(text) as WorkerState;
    const { capacity, running, meanJobMs, stuckMs = 0, starting, about } = state;
    const isGood = [capacity, running, meanJobMs, stuckMs].every(
      (value) => Number.isFinite(value) && value >= 0,
    );
    const told = typeof about === 'string' && about.length <= mostAbout ? { about } : {};
    return isGood
      ? { capacity, running, meanJobMs, stuckMs, starting: starting === true, ...told }
      : undefined;
  } catch {
    return undefined;
  }
}
