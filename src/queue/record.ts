/**
 * The quarantine record of a tenant's script: the evidence that its runs ended workers or
 * sandboxes. It is kept in Redis under the script's name. From the first suspicion on, the script
 * is in quarantine: it is tried alone (trial.ts) until one of its runs leaves its worker and its
 * sandbox alive. Only proofs delay a trial.
 */
import type { RedisClient } from '../redis/connection.ts';
import { quarantineKey, recordKey } from '../redis/keys.ts';

/**
 * Length of the first quarantine; each proof after the first doubles it, up to
 * `longestQuarantineMs`.
 */
const firstQuarantineMs = 5_000;
const longestQuarantineMs = 600_000;
/** How long after its quarantine a script's record is kept. */
const rememberedMs = 600_000;
/**
 * Number of lost sandboxes that raise no suspicion: one may have ended for a reason other than the
 * script.
 */
const sandboxesAllowed = 1;

/**
 * Number of scripts that a heartbeat lists, newest first. An attacker who fills the list pays with
 * a worker or two sandboxes for every entry, and displaces only older entries.
 */
export const quarantineListed = 1_000;

/**
 * Lua functions for scripts that read or write quarantine records. A key of an unexpected type
 * would fail the script for all callers, so `hold` deletes it.
 *
 * `suspect(record, list, name, kind)` puts the script into quarantine without a proof. `kind` is
 * what the script may have cost, `worker` or `sandbox`, and decides how it is tried.
 *
 * `prove(record, list, name)` counts one more worker that was lost while the script ran alone on
 * it. After a second proof, or a failed trial, the next trial waits for the length of the
 * quarantine. The retry of a lost job counts as a trial, even if its worker had not received the
 * quarantine yet. Lost sandboxes add no proof, so they delay no trial.
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

/**
 * Returns 1 when the script is in quarantine now. ARGV[2] is the worker, ARGV[3] the milliseconds
 * that the lost run took.
 */
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
 * Counts a run that lost its sandbox twice: the first one and the one of its retry. When an engine
 * dies, all sandboxes of its worker end, so sandboxes that one worker loses at the same time are
 * one loss, however many of the jobs had the same script.
 * @param runMs milliseconds that the lost run took.
 * @returns whether the script is in quarantine now.
 */
export async function countLostSandbox(
  redis: RedisClient,
  queue: string,
  script: string,
  { worker, runMs }: { readonly worker: string; readonly runMs: number },
): Promise<boolean> {
  const keys = [recordKey(queue, script), quarantineKey(queue)];
  return (
    (await redis.eval(sandboxScript, keys.length, ...keys, script, worker, Math.ceil(runMs))) === 1
  );
}
