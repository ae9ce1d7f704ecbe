/**
 * Evaluations that several servers share: the newest of the last hour, and never so many that Redis
 * gets too full for the queue.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { evaluationBytesKey, evaluationKey, evaluationsKey } from '../../queue/keys.ts';
import { type EvaluationStore, type StoredEvaluation, storeLimits } from '../stores.ts';
import { ask, inTime } from './ask.ts';
import type { RedisStoreOptions } from './options.ts';

const lifeMs = 3_600_000;
const maxEvaluationBytes = 1 << 20;
/** On their way to a Redis that is slow; more are given up, since they would fill this process. */
const maxUnwrittenBytes = 32 << 20;

/**
 * KEYS: the evaluation, the index by time, the bytes of each. ARGV: the evaluation, life, most
 * evaluations, most bytes. What has ended by itself still counts until it is the oldest, and the oldest
 * goes first: so nothing that lives is forgotten for it. It removes only to make room: a script that has
 * removed something may add to a Redis that is full.
 */
const putScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function forget(key)
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[2], key)
  redis.call('HINCRBY', KEYS[3], 'total', 0 - (redis.call('HGET', KEYS[3], key) or 0))
  redis.call('HDEL', KEYS[3], key)
end
local function full()
  local total = tonumber(redis.call('HGET', KEYS[3], 'total') or 0)
  return redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) or total + #ARGV[1] > tonumber(ARGV[4])
end
if redis.call('HEXISTS', KEYS[3], KEYS[1]) == 1 then forget(KEYS[1]) end
while full() do
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  if not oldest then
    redis.call('DEL', KEYS[3])
    break
  end
  forget(oldest)
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[2], now, KEYS[1])
redis.call('HSET', KEYS[3], KEYS[1], #ARGV[1])
redis.call('HINCRBY', KEYS[3], 'total', #ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])`;

export class RedisEvaluations implements EvaluationStore {
  readonly #options: RedisStoreOptions;
  #unwrittenBytes = 0;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async get(tenant: string, id: string, withinMs?: number): Promise<StoredEvaluation | undefined> {
    const { redis, queue } = this.#options;
    const text = await inTime(ask(redis.get(evaluationKey(queue, tenant, id))), withinMs);
    return text === null ? undefined : (JSON.parse(text) as StoredEvaluation);
  }

  /** When the answer is on its way: to put it into words takes 0.3 ms. Requests that come later find it. */
  async put(evaluation: StoredEvaluation): Promise<void> {
    await nextTurn();
    const { redis, queue, limits = storeLimits } = this.#options;
    const { tenant, id } = evaluation.record;
    const text = this.#textOf(evaluation);
    if (this.#unwrittenBytes + text.length > maxUnwrittenBytes) throw new Error('Redis does not take the records fast enough.');
    this.#unwrittenBytes += text.length;
    try {
      const keys = [evaluationKey(queue, tenant, id), evaluationsKey(queue), evaluationBytesKey(queue)];
      await ask(redis.eval(putScript, keys.length, ...keys, text, lifeMs, limits.evaluations, limits.evaluationBytes));
    } finally {
      this.#unwrittenBytes -= text.length;
    }
  }

  /** @throws Error for what is too large even without its context */
  #textOf(evaluation: StoredEvaluation): string {
    const text = JSON.stringify(evaluation);
    if (Buffer.byteLength(text) <= maxEvaluationBytes) return text;
    const { kept: _, record, ...rest } = evaluation;
    const bare = JSON.stringify({ ...rest, record: { ...record, context: undefined } });
    const bytes = Buffer.byteLength(bare);
    if (bytes > maxEvaluationBytes) throw new Error(`It has ${bytes} bytes; ${maxEvaluationBytes} are the most.`);
    this.#options.warn(`The context of the evaluation ${record.id} is too large to be kept, so it cannot be replayed.`);
    return bare;
  }
}
