/**
 * Trials of scripts in quarantine: a script is tried alone, one script of a tenant at a time, in a
 * fresh sandbox. The first trial begins at once. After a trial that did not return because its
 * worker was lost as well, the next one waits for the length of the quarantine. Only a job of a
 * proven script is answered without a run because of that wait; a job of any other script insists
 * on its trial before its evaluation ends. A script that cost only sandboxes needs nothing but a
 * fresh sandbox.
 */
import type { RedisClient } from '../redis/connection.ts';
import { quarantineKey, recordKey, trialKey } from '../redis/keys.ts';
import { recordFunctions } from './record.ts';

/** A trial that has done no harm for this long no longer delays other trials. */
export const trialMs = 5_000;

/**
 * Number of workers lost while a script ran alone on them that proves it harmful. Fewer may be
 * chance, and never cost an evaluation its trial.
 */
export const provenAt = 2;

/**
 * `free`: the script is no longer in quarantine. `sandbox`, `worker`: it may be tried; the kind is
 * what it has cost. `wait`: not now, because a trial of it was lost or still runs, or another
 * script of the tenant is being tried.
 */
export type Permission =
  | { readonly kind: 'free' | 'sandbox' }
  | { readonly kind: 'worker'; readonly proofs: number }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly proofs: number };

/**
 * `ask` changes nothing. `try` begins the trial now. `insist` begins it though it should wait,
 * unless the script is proven.
 */
export type Asking = 'ask' | 'try' | 'insist';

/** The tenant and the script of a trial. */
export interface Tried {
  readonly tenant: string;
  readonly script: string;
}

const permitScript = `${recordFunctions}
hold(KEYS[1], 'hash')
local kind = redis.call('HGET', KEYS[1], 'kind')
if not kind then return { 'free', 0, 0 } end
if kind == 'sandbox' then return { kind, 0, 0 } end
local now = clock()
local proofs = field(KEYS[1], 'proofs')
local from = field(KEYS[1], 'trialFrom')
local insists = ARGV[2] == 'insist' and proofs < ${provenAt}
if now < from and not insists then return { 'wait', from - now, proofs } end
hold(KEYS[2], 'string')
local busy
if ARGV[2] == 'ask' then
  busy = redis.call('EXISTS', KEYS[2]) == 1
else
  busy = not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ${trialMs})
end
if busy and not insists then return { 'wait', math.max(1, redis.call('PTTL', KEYS[2])), proofs } end
if ARGV[2] ~= 'ask' then redis.call('HSET', KEYS[1], 'trialFrom', now + field(KEYS[1], 'length')) end
return { kind, 0, proofs }`;

/**
 * ARGV[2]: `1` when a trial ended by itself, `0` when it did not. `retry` and `sandbox` are runs
 * that ended by themselves but were no trial for the loss of a worker: `retry` clears only a record
 * of kind `worker`, `sandbox` only one of kind `sandbox`. The script may have cost a worker since a
 * run of the latter kind was permitted: it did not run alone, so it disproves no loss, and the
 * tenant's trial is not its own. Returns 1 when the script is not in quarantine.
 */
const endScript = `${recordFunctions}
hold(KEYS[1], 'hash')
hold(KEYS[3], 'zset')
local kind = redis.call('HGET', KEYS[1], 'kind')
if ARGV[2] ~= 'sandbox' and redis.pcall('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if ARGV[2] == '1' or (ARGV[2] == 'retry' and kind == 'worker') or (ARGV[2] == 'sandbox' and kind == 'sandbox') then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
elseif ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], 'trialFrom')
end
return redis.call('HEXISTS', KEYS[1], 'kind') == 0 and 1 or 0`;

type End = '1' | '0' | 'retry' | 'sandbox';

/** Returns whether a script may be tried now; with `try` and `insist`, a permitted trial begins. */
export async function permitTrial(
  redis: RedisClient,
  queue: string,
  tried: Tried,
  asking: Asking = 'try',
): Promise<Permission> {
  const { tenant, script } = tried;
  const keys = [recordKey(queue, script), trialKey(queue, tenant)];
  const answer = await redis.eval(permitScript, keys.length, ...keys, script, asking);
  const [kind, waitMs, proofs] = answer as [Permission['kind'], number, number];
  if (kind === 'wait') return { kind, waitMs, proofs };
  return kind === 'worker' ? { kind, proofs } : { kind };
}

/**
 * @param kind the kind under which the run was permitted. A run of kind `sandbox` changes nothing
 * when the script has cost a
 *   worker since.
 * @param harmless whether the run ended by itself, in whatever way: then the script leaves
 * quarantine.
 * @returns whether the script is known to be out of quarantine
 */
export async function endTrial(
  redis: RedisClient,
  queue: string,
  tried: Tried,
  kind: 'sandbox' | 'worker',
  harmless: boolean,
): Promise<boolean> {
  if (kind === 'worker') return sayEnd(redis, queue, tried, harmless ? '1' : '0');
  return harmless && sayEnd(redis, queue, tried, 'sandbox');
}

/**
 * Clears a script after a harmless retry of a lost job that its worker did not treat as a trial.
 * Such a retry counts as a trial, except for a script that cost sandboxes, since the retry's own
 * sandbox was not fresh.
 * @returns whether the script is out of quarantine
 */
export async function clearRetried(
  redis: RedisClient,
  queue: string,
  tried: Tried,
): Promise<boolean> {
  return sayEnd(redis, queue, tried, 'retry');
}

async function sayEnd(
  redis: RedisClient,
  queue: string,
  { tenant, script }: Tried,
  end: End,
): Promise<boolean> {
  const keys = [recordKey(queue, script), trialKey(queue, tenant), quarantineKey(queue)];
  return (await redis.eval(endScript, keys.length, ...keys, script, end)) === 1;
}
