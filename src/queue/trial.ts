/**
 * How a script in quarantine is run: it is tried alone, one script of a tenant at a time, with a fresh sandbox.
 * The first trial comes at once; one that did not come back, since its worker was lost once more, keeps the next
 * one waiting for as long as the quarantine is. What cost only sandboxes needs nothing but a fresh one.
 */
import type { RedisClient } from '../redis/connection.ts';
import { quarantineKey, recordKey, trialKey } from '../redis/keys.ts';
import { recordFunctions } from './record.ts';

/** A trial that has done no harm for so long keeps no other waiting. */
export const trialMs = 5_000;

/** `free`: not in quarantine any more. `sandbox`, `worker`: to be tried, for what it has cost. `wait`: not now. */
export type Permission =
  | { readonly kind: 'free' | 'sandbox' | 'worker' }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly proofs: number };

/** What a trial is about. */
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
if now < from then return { 'wait', from - now, proofs } end
hold(KEYS[2], 'string')
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ${trialMs}) then
  return { 'wait', math.max(1, redis.call('PTTL', KEYS[2])), proofs }
end
redis.call('HSET', KEYS[1], 'trialFrom', now + field(KEYS[1], 'length'))
return { kind, 0, proofs }`;

/** ARGV[2]: 1 when the worker and the sandbox have outlived it. */
const endScript = `${recordFunctions}
hold(KEYS[1], 'hash')
hold(KEYS[3], 'zset')
if redis.pcall('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if ARGV[2] == '1' then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
elseif redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HDEL', KEYS[1], 'trialFrom')
end`;

export async function permitTrial(redis: RedisClient, queue: string, { tenant, script }: Tried): Promise<Permission> {
  const keys = [recordKey(queue, script), trialKey(queue, tenant)];
  const answer = await redis.eval(permitScript, keys.length, ...keys, script);
  const [kind, waitMs, proofs] = answer as ['free' | 'sandbox' | 'worker' | 'wait', number, number];
  return kind === 'wait' ? { kind, waitMs, proofs } : { kind };
}

/** @param harmless whether it ended by itself, in whatever way: then nothing is held against it any more. */
export async function endTrial(redis: RedisClient, queue: string, tried: Tried, harmless: boolean): Promise<void> {
  const { tenant, script } = tried;
  const keys = [recordKey(queue, script), trialKey(queue, tenant), quarantineKey(queue)];
  await redis.eval(endScript, keys.length, ...keys, script, harmless ? 1 : 0);
}
