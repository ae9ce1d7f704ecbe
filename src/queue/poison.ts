/**
 * Scripts whose runs cost us a worker or a supervisor. Two of them within ten minutes, and the script
 * is not run for ten minutes.
 */
import type { FailureCode } from '../protocol/decision.ts';
import { type Script, scriptKey } from '../protocol/script.ts';
import type { RedisClient } from './connection.ts';
import { hashOf, poisonKey, quarantineKey } from './keys.ts';

const quarantineMs = 600_000;
const strikesAllowed = 1;
const sandboxFailures: ReadonlySet<string> = new Set<FailureCode>(['SANDBOX_LOST', 'BAD_FRAME', 'BAD_STREAM']);

/** Workers that die together, with their host or its engine, are missed within this time of each other. */
const workersDieTogetherMs = 1_500;

/** Newest first: who fills the list, with a sandbox for every entry, frees only what he has put there before. */
export const quarantineListed = 1_000;

/**
 * KEYS[1] is a hash: `strikes`, and for each cause the milliseconds of the strike that counted last.
 * Returns 1 when the script is in quarantine now.
 */
const strike = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if now - last < tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if redis.call('HINCRBY', KEYS[1], 'strikes', 1) <= tonumber(ARGV[4]) then return 0 end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

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
 * @returns whether the script is in quarantine now.
 */
export function countLostSandbox(redis: RedisClient, hash: string, worker: string, runMs: number): Promise<boolean> {
  return count(redis, hash, `worker:${worker}`, Math.ceil(runMs));
}

/** The end of a host takes all of its workers, and a guard that runs on each of them is not to blame. */
export function countLostWorker(redis: RedisClient, hash: string): Promise<boolean> {
  return count(redis, hash, 'workers', workersDieTogetherMs);
}

async function count(redis: RedisClient, hash: string, cause: string, sameMs: number): Promise<boolean> {
  const keys = [poisonKey(hash), quarantineKey];
  return (await redis.eval(strike, keys.length, ...keys, cause, sameMs, quarantineMs, strikesAllowed, hash)) === 1;
}

/**
 * What a worker knows of the scripts in quarantine: its own at once, those of others with the next beat.
 * To ask before every job would cost each of them a round trip.
 */
export class Quarantine {
  #hashes = new Set<string>();

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  add(hash: string): void {
    this.#hashes.add(hash);
  }

  /** All that are in quarantine now. */
  replace(hashes: readonly string[]): void {
    this.#hashes = new Set(hashes);
  }
}
