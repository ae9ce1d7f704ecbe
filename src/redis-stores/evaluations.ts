/**
 * Evaluations that several servers share: the newest of the last hour, limited in number and size
 * so that Redis keeps room for the queue.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  evaluationBytesKey,
  evaluationKey,
  evaluationSummariesKey,
  evaluationsKey,
  evaluationTenantsKey,
  evaluationTotalsKey,
  hashOf,
} from '../redis/keys.ts';
import {
  type EvaluationPage,
  type EvaluationSearch,
  type PageOptions,
  type Summary,
  summaryWhenAsked,
} from '../server/evaluation-summary.ts';
import { type EvaluationStore, type StoredEvaluation, storeLimits } from '../server/stores.ts';
import { CorruptLog } from './corrupt.ts';
import { searchEvaluations } from './evaluation-search.ts';
import { parseEvaluation } from './evaluation-text.ts';
import { wholeNumber } from './lua.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask, withTimeout } from './redis-errors.ts';

/** How long an evaluation is kept. */
const lifeMs = 3_600_000;
const maxEvaluationBytes = 1 << 20;
/**
 * Evaluations on their way to a slow Redis; more are dropped, since they would fill this process's
 * memory.
 */
const maxUnwrittenBytes = 32 << 20;

/**
 * KEYS: the evaluation, the tenants by count and by bytes, the totals. ARGV: the evaluation, life,
 * most evaluations, most bytes, the tenant's hash, the prefixes of the keys of a tenant's index,
 * of its bytes and of its summaries, and the summary. To make room, the script removes the oldest evaluation of the tenant that has
 * most; an expired one counts until then. It removes an evaluation only to replace it or to make
 * room, because a script that has removed something may add to a full Redis.
 */
const putScript = `${wholeNumber}
local tenant = ARGV[5]
local size = #ARGV[1] + #ARGV[9]
local function number(text) return tonumber(text or 0) or 0 end
local function account(whose, count, bytes)
  for _, change in ipairs({{KEYS[2], 'count', count}, {KEYS[3], 'bytes', bytes}}) do
    local score = number(redis.call('ZSCORE', change[1], whose)) + change[3]
    if score > 0 then redis.call('ZADD', change[1], score, whose) else redis.call('ZREM', change[1], whose) end
    redis.call('HSET', KEYS[4], change[2], math.max(0, (whole(redis.call('HGET', KEYS[4], change[2])) or 0) + change[3]))
  end
end
local function forget(whose, key)
  redis.call('DEL', key)
  local bytes = whole(redis.call('HGET', ARGV[7] .. whose, key)) or 0
  redis.call('HDEL', ARGV[7] .. whose, key)
  redis.call('HDEL', ARGV[8] .. whose, key)
  redis.call('ZREM', ARGV[6] .. whose, key)
  account(whose, -1, 0 - bytes)
end
local function forget_all(whose)
  redis.call('DEL', ARGV[6] .. whose, ARGV[7] .. whose, ARGV[8] .. whose)
  account(whose, 0 - number(redis.call('ZSCORE', KEYS[2], whose)), 0 - number(redis.call('ZSCORE', KEYS[3], whose)))
end
local function over()
  if (whole(redis.call('HGET', KEYS[4], 'count')) or 0) >= tonumber(ARGV[3]) then return KEYS[2], 1 end
  if (whole(redis.call('HGET', KEYS[4], 'bytes')) or 0) + size > tonumber(ARGV[4]) then return KEYS[3], size end
end
if redis.call('HEXISTS', ARGV[7] .. tenant, KEYS[1]) == 1 then forget(tenant, KEYS[1]) end
local by, more = over()
while by do
  local top = redis.call('ZREVRANGE', by, 0, 0, 'WITHSCORES')
  if not top[1] then
    redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
    break
  end
  local own = number(redis.call('ZSCORE', by, tenant))
  local loser = own > 0 and own + more >= number(top[2]) and tenant or top[1]
  local oldest = redis.call('ZRANGE', ARGV[6] .. loser, 0, 0)[1]
  if oldest then forget(loser, oldest) else forget_all(loser) end
  by, more = over()
end
local time = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', ARGV[6] .. tenant, time[1] * 1000 + math.floor(time[2] / 1000), KEYS[1])
redis.call('HSET', ARGV[7] .. tenant, KEYS[1], size)
redis.call('HSET', ARGV[8] .. tenant, KEYS[1], ARGV[9])
account(tenant, 1, size)
for _, key in ipairs({ARGV[6] .. tenant, ARGV[7] .. tenant, ARGV[8] .. tenant, KEYS[2], KEYS[3], KEYS[4]}) do
  redis.call('PEXPIRE', key, ARGV[2])
end`;

export class RedisEvaluations implements EvaluationStore {
  readonly #options: RedisStoreOptions;
  readonly #corrupt: CorruptLog;
  /** Size of the evaluations on their way to Redis, per tenant and in sum. */
  readonly #unwritten = new Map<string, number>();
  #unwrittenBytes = 0;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#corrupt = new CorruptLog(options);
  }

  async get(tenant: string, id: string, withinMs?: number): Promise<StoredEvaluation | undefined> {
    const { redis, queue } = this.#options;
    const text = await withTimeout(
      ask(nameOf(tenant, id), redis.get(evaluationKey(queue, tenant, id))),
      withinMs,
    );
    if (text === null) return undefined;
    const evaluation = parseEvaluation(text, tenant, id);
    if (evaluation === undefined) throw this.#corrupt.tell(nameOf(tenant, id));
    return evaluation;
  }

  /**
   * Stores an evaluation. Yields first, so that the answer goes out before the 0.3 ms of
   * serializing; later requests find it.
   */
  async put(
    evaluation: StoredEvaluation,
    summary: Summary = summaryWhenAsked(evaluation),
  ): Promise<void> {
    await nextTurn();
    const { redis, queue, limits = storeLimits } = this.#options;
    const { tenant, id } = evaluation.record;
    const text = this.#textOf(evaluation);
    const leave = this.#enter(tenant, text.length);
    try {
      const keys = [
        evaluationKey(queue, tenant, id),
        evaluationTenantsKey(queue, 'count'),
        evaluationTenantsKey(queue, 'bytes'),
        evaluationTotalsKey(queue),
      ];
      const values = [text, lifeMs, limits.evaluations, limits.evaluationBytes, hashOf(tenant)];
      const prefixes = [evaluationsKey, evaluationBytesKey, evaluationSummariesKey].map((key) =>
        key(queue, ''),
      );
      await ask(
        nameOf(tenant, id),
        redis.eval(
          putScript,
          keys.length,
          ...keys,
          ...values,
          ...prefixes,
          JSON.stringify(summary()),
        ),
      );
    } finally {
      leave();
    }
  }

  list(tenant: string, search: EvaluationSearch, page: PageOptions): Promise<EvaluationPage> {
    return searchEvaluations(this.#options, tenant, search, page, lifeMs);
  }

  /**
   * Reserves `bytes` until the returned function is called. @throws Error when the tenant, or all
   * together, have too much on the way.
   */
  #enter(tenant: string, bytes: number): () => void {
    const own = this.#unwritten.get(tenant) ?? 0;
    if (this.#unwrittenBytes + bytes > maxUnwrittenBytes || own + bytes > maxUnwrittenBytes / 2) {
      throw new Error('Redis does not take the records fast enough.');
    }
    this.#unwrittenBytes += bytes;
    this.#unwritten.set(tenant, own + bytes);
    return () => {
      this.#unwrittenBytes -= bytes;
      const left = (this.#unwritten.get(tenant) ?? bytes) - bytes;
      if (left === 0) this.#unwritten.delete(tenant);
      else this.#unwritten.set(tenant, left);
    };
  }

  #textOf(evaluation: StoredEvaluation): string {
    const text = JSON.stringify(evaluation);
    if (Buffer.byteLength(text) <= maxEvaluationBytes) return text;
    const { kept: _, explanation: __, record, ...rest } = evaluation;
    const bare = JSON.stringify({ ...rest, record: { ...record, context: undefined } });
    const bytes = Buffer.byteLength(bare);
    if (bytes > maxEvaluationBytes)
      throw new Error(`It has ${bytes} bytes; ${maxEvaluationBytes} are the most.`);
    this.#options.warn(
      `The context of the evaluation ${record.id} is too large to be kept, so it cannot be replayed.`,
    );
    return bare;
  }
}

function nameOf(tenant: string, id: string): string {
  return `the evaluation ${id} of the tenant ${tenant}`;
}
