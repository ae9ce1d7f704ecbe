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

const strike = `
local strikes = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return strikes`;

export function scriptHash(script: { readonly runtime: string; readonly source: string }): string {
  return hashOf(script.runtime, script.source);
}

/** True when a run ended as its sandbox did, twice: a second one has been tried. */
export function isSandboxFailure(code: string): boolean {
  return sandboxFailures.has(code);
}

export async function countStrike(redis: RedisClient, hash: string): Promise<void> {
  await redis.eval(strike, 1, poisonKey(hash), quarantineMs);
}

export async function isQuarantined(redis: RedisClient, hash: string): Promise<boolean> {
  return Number(await redis.get(poisonKey(hash))) > strikesAllowed;
}
