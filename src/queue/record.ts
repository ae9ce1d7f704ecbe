/**
 * What is held against a tenant's script: that its runs cost workers or sandboxes their life. The record is kept
 * in Redis, under the script's name; with a first suspicion in it the script is in quarantine, where it is tried
 * alone (trial.ts), until a run of it leaves its worker and its sandbox alive. Only proofs keep a trial waiting.
 */
import type { RedisClient } from '../redis/connection.ts';
import { quarantineKey, recordKey } from '../redis/keys.ts';

/** The first quarantine; each proof after the first doubles it, up to the longest. */
const firstQuarantineMs = 5_000;
const longestQuarantineMs = 600_000;
/** What is held against a script is forgotten so long after its quarantine. */
const rememberedMs = 600_000;
/** So many sandboxes may be lost without a suspicion: one may have ended for a reason of its own. */
const sandboxesAllowed = 1;

/** Newest first: who fills the list, with a worker or two sandboxes for every entry, frees only what he has put there before. */
export const quarantineListed = 1_000;

/**
 * Functions for scripts that read or write records. A key that holds another type than ours would fail the script
 * for everybody: it is removed.
 *
 * `suspect(record, list, name, kind)`: from now on it is tried. `kind` says how: `worker` or `sandbox`. It proves nothing.
 *
 * `prove(record, list, name)`: one more worker was lost while it ran alone there. After a second proof, or a trial that
 * failed, the next trial has to wait for as long as the quarantine is: the retry of a lost job counts as a trial, also
 * where its worker had not heard of the quarantine yet. Lost sandboxes add no proof: they keep nobody waiting.
 */
export const recordFunctions = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function hold(key, kind)
  if redis.call('TYPE', key).ok ~= kind then redis.call('DEL', key) end
end
local function field(key, name)
  return tonumber(redis.call('HGET', key, name) or 0) or 0
end
local function keep(record, list, name, length)
  local now, ms = clock(), math.max(length + ${rememberedMs}, redis.call('PTTL', record))
  redis.call('PEXPIRE', record, ms)
  redis.call('ZREMRANGEBYSCORE', list, '-inf', now)
  redis.call('ZADD', list, now + ms, name)
  redis.call('PEXPIRE', list, ${longestQuarantineMs + rememberedMs})
end
local function suspect(record, list, name, kind)
  hold(record, 'hash')
  hold(list, 'zset')
  if kind == 'worker' or redis.call('HGET', record, 'kind') ~= 'worker' then redis.call('HSET', record, 'kind', kind) end
  redis.call('HSETNX', record, 'length', ${firstQuarantineMs})
  keep(record, list, name, ${firstQuarantineMs})
end
local function prove(record, list, name)
  hold(record, 'hash')
  hold(list, 'zset')
  local proofs = math.min(field(record, 'proofs') + 1, 30)
  local length = math.min(${firstQuarantineMs} * 2 ^ (proofs - 1), ${longestQuarantineMs})
  redis.call('HSET', record, 'proofs', proofs, 'kind', 'worker', 'length', length)
  if proofs > 1 or field(record, 'trialFrom') > 0 then redis.call('HSET', record, 'trialFrom', clock() + length) end
  keep(record, list, name, length)
end`;

/** Returns 1 when the script is in quarantine now. ARGV[2] is the worker, ARGV[3] how long the lost run took. */
const sandboxScript = `${recordFunctions}
hold(KEYS[1], 'hash')
local now = clock()
local cause = 'worker:' .. ARGV[2]
if now - field(KEYS[1], cause) < tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], cause, now)
if redis.call('PTTL', KEYS[1]) < ${rememberedMs} then redis.call('PEXPIRE', KEYS[1], ${rememberedMs}) end
local lost = field(KEYS[1], 'sandboxes') + 1
redis.call('HSET', KEYS[1], 'sandboxes', lost)
if lost <= ${sandboxesAllowed} then return 0 end
suspect(KEYS[1], KEYS[2], ARGV[1], 'sandbox')
return 1`;

/**
 * A run ended as its sandbox did, twice: a second one was tried. The end of an engine takes all sandboxes of its
 * worker: what a worker loses side by side is one loss, however many of the jobs had the same script.
 * @param runMs how long the lost run took.
 * @returns whether the script is in quarantine now.
 */
export async function countLostSandbox(
  redis: RedisClient,
  queue: string,
  script: string,
  { worker, runMs }: { readonly worker: string; readonly runMs: number },
): Promise<boolean> {
  const keys = [recordKey(queue, script), quarantineKey(queue)];
  return (await redis.eval(sandboxScript, keys.length, ...keys, script, worker, Math.ceil(runMs))) === 1;
}
