/**
 * Decision records in Redis: the first decision about an evaluation stands. A caller that repeats
 * the evaluation, or sends it to another server at the same time, gets the same decision for as
 * long as the record lives.
 */
import type { DecisionRecord, EvaluationKey } from '../dispatch/record.ts';
import { Content } from '../protocol/content.ts';
import { type Decision, decisionKinds } from '../protocol/decision.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { RedisClient } from '../redis/connection.ts';
import { decisionKey } from '../redis/keys.ts';

const defaultTtlMs = 600_000;
/**
 * A decision carries the results of all its hooks; a larger one is stored without them, to save
 * memory.
 */
const maxRecordBytes = 1 << 20;

const claimScript = `
local stored = redis.call('GET', KEYS[1])
if stored then return stored end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

/** @param ttlMs how long a decision stands, in milliseconds. */
export function redisDecisionRecord(redis: RedisClient, ttlMs = defaultTtlMs): DecisionRecord {
  return {
    async find(key) {
      const stored = await redis.get(keyOf(key));
      return stored === null ? undefined : readDecision(stored);
    },
    async claim(key, decision) {
      const text = JSON.stringify(decision);
      const kept =
        Buffer.byteLength(text) <= maxRecordBytes
          ? text
          : JSON.stringify({ ...decision, results: [] });
      const stored = (await redis.eval(claimScript, 1, keyOf(key), kept, ttlMs)) as string;
      return stored === kept ? decision : (readDecision(stored) ?? decision);
    },
  };
}

/** @returns undefined for text that is no decision: it binds no caller. */
function readDecision(text: string): Decision | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isDecision(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDecision(value: object): value is Decision {
  const { decision, results } = value as Partial<Decision>;
  return (decisionKinds as readonly unknown[]).includes(decision) && Array.isArray(results);
}

function keyOf({ tenant, evaluationId, event, context, content }: EvaluationKey): string {
  return decisionKey(tenant, evaluationId, event, Content.of(context, content).sha256);
}
