/**
 * Scripts whose runs cost us a worker or a supervisor. Two of them within ten minutes, and the script
 * is not run for ten minutes.
 */
import type { FailureCode } from '../protocol/decision.ts';
import type { RedisClient } from './connection.ts';
import { hashOf, poisonKey } from './keys.ts';

const quarantineMs = 600_000;
const strikesAllowed = 1;
const sandboxFailures: ReadonlySet<string> = new Set<FailureCode>(['SANDBOX_LOST', 'BAD_FRAME', 'BAD_STREAM']);

/** A hash: `strikes`, and for each worker the milliseconds of the strike that counted last. */
const strike = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local field = 'worker:' .. ARGV[1]
local last = tonumber(redis.call('HGET', KEYS[1], field) or 0)
if now - last < tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], field, now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HINCRBY', KEYS[1], 'strikes', 1)`;

export function scriptHash(script: { readonly runtime: string; readonly source: string }): string {
  return hashOf(script.runtime, script.source);
}

/** True when a run ended as its sandbox did, twice: a second one has been tried. */
export function isSandboxFailure(code: string): boolean {
  return sandboxFailures.has(code);
}

/**
 * The end of a worker, or of its engine, takes all of its jobs: what one worker loses side by side is
 * one loss, however many of the jobs had the same script.
 * @param worker whose life it cost, or the life of whose sandbox.
 * @param runMs how long the lost run took; default: a worker is lost but once.
 */
export async function countStrike(redis: RedisClient, hash: string, worker: string, runMs = quarantineMs): Promise<void> {
  await redis.eval(strike, 1, poisonKey(hash), worker, Math.ceil(runMs), quarantineMs);
}

export async function isQuarantined(redis: RedisClient, hash: string): Promise<boolean> {
  return Number(await redis.hget(poisonKey(hash), 'strikes')) > strikesAllowed;
}
