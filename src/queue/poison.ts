/**
 * Scripts whose runs cost us a worker or a supervisor. Two of them within ten minutes, and the script
 * is not run for ten minutes.
 */
import type { FailureCode } from '../protocol/decision.ts';
import { type Script, scriptKey } from '../protocol/script.ts';
import type { RedisClient } from './connection.ts';
import { hashOf, poisonKey } from './keys.ts';

const quarantineMs = 600_000;
const strikesAllowed = 1;
const sandboxFailures: ReadonlySet<string> = new Set<FailureCode>(['SANDBOX_LOST', 'BAD_FRAME', 'BAD_STREAM']);

/** Workers that die together, with their host or its engine, are missed within this time of each other. */
const workersDieTogetherMs = 1_500;

/** A hash: `strikes`, and for each cause the milliseconds of the strike that counted last. */
const strike = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if now - last < tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HINCRBY', KEYS[1], 'strikes', 1)`;

export function scriptHash(script: Script): string {
  return hashOf(scriptKey(script));
}

/** True when a run ended as its sandbox did, twice: a second one has been tried. */
export function isSandboxFailure(code: string): boolean {
  return sandboxFailures.has(code);
}

/**
 * The end of an engine takes all sandboxes of its worker: what a worker loses side by side is one
 * loss, however many of the jobs had the same script.
 * @param runMs how long the lost run took.
 */
export async function countLostSandbox(redis: RedisClient, hash: string, worker: string, runMs: number): Promise<void> {
  await redis.eval(strike, 1, poisonKey(hash), `worker:${worker}`, Math.ceil(runMs), quarantineMs);
}

/** The end of a host takes all of its workers, and a guard that runs on each of them is not to blame. */
export async function countLostWorker(redis: RedisClient, hash: string): Promise<void> {
  await redis.eval(strike, 1, poisonKey(hash), 'workers', workersDieTogetherMs, quarantineMs);
}

export async function isQuarantined(redis: RedisClient, hash: string): Promise<boolean> {
  return Number(await redis.hget(poisonKey(hash), 'strikes')) > strikesAllowed;
}
