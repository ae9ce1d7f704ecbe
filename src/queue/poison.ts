/**
 * Scripts whose runs cost us a worker or a supervisor. Two of them within ten minutes, and the script
 * is not run for ten minutes.
 */
import type { FailureCode, HookResult } from '../protocol/decision.ts';
import type { RedisClient } from './connection.ts';
import { hashOf, poisonKey } from './keys.ts';

const quarantineMs = 600_000;
const strikesAllowed = 1;
const sandboxFailures: ReadonlySet<FailureCode | string> = new Set(['SANDBOX_LOST', 'BAD_FRAME', 'BAD_STREAM']);

const strike = `
local strikes = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return strikes`;

export function scriptHash(script: { readonly runtime: string; readonly source: string }): string {
  return hashOf(script.runtime, script.source);
}

/** True when the end of this run was that of its sandbox, twice: execute() has tried a second one. */
export function lostItsSandbox(result: HookResult): boolean {
  return result.cause.kind === 'fail-mode' && sandboxFailures.has(result.cause.code);
}

export async function countStrike(redis: RedisClient, hash: string): Promise<void> {
  await redis.eval(strike, 1, poisonKey(hash), quarantineMs);
}

export async function isQuarantined(redis: RedisClient, hash: string): Promise<boolean> {
  return Number(await redis.get(poisonKey(hash))) > strikesAllowed;
}
