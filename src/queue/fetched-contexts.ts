/**
 * The worker's side of large contexts: reads a context from Redis once for all jobs that run at the
 * same time, and checks that it is the one that the job names.
 */
import { isUtf8 } from 'node:buffer';
import { messageOf } from '../errors.ts';
import { Content } from '../protocol/content.ts';
import type { Failure } from '../protocol/decision.ts';
import type { RedisClient } from '../redis/connection.ts';
import { contextKey } from '../redis/keys.ts';
import type { StoredContext } from '../wire/stored-job.ts';

/** A context, or why a job must not run. */
export type Fetched = { readonly context: Uint8Array } | { readonly failure: Failure };

interface Entry {
  readonly fetched: Promise<Fetched>;
  users: number;
}

export class FetchedContexts {
  readonly #redis: RedisClient;
  readonly #queue: string;
  /** Only of jobs that run, so the memory is bounded by their number. */
  readonly #entries = new Map<string, Entry>();

  constructor(redis: RedisClient, queue: string) {
    this.#redis = redis;
    this.#queue = queue;
  }

  /** Calls `work` with the context, which is kept for other jobs until `work` has ended. */
  async use<T>(
    tenant: string,
    stored: StoredContext,
    work: (fetched: Fetched) => Promise<T>,
  ): Promise<T> {
    const key = contextKey(this.#queue, tenant, stored.id);
    const name = `${key} ${stored.sha256} ${stored.bytes}`;
    const entry = this.#entries.get(name) ?? { fetched: this.#fetch(key, stored), users: 0 };
    this.#entries.set(name, entry);
    entry.users++;
    try {
      return await work(await entry.fetched);
    } finally {
      if (--entry.users === 0) this.#entries.delete(name);
    }
  }

  /** Never rejects. Reads one byte more than it needs, whatever is stored there. */
  async #fetch(key: string, stored: StoredContext): Promise<Fetched> {
    try {
      const context = await this.#redis.getrangeBuffer(key, 0, stored.bytes);
      if (context.length === 0)
        return unavailable('Redis has lost the context of the job, or never had it.');
      const fault = faultOf(context, stored);
      if (fault === undefined) return { context };
      const message = `The context of the job cannot be used: ${fault}.`;
      return { failure: { code: 'INVALID_JOB', message } };
    } catch (error) {
      return unavailable(`The context of the job cannot be read: ${messageOf(error)}`);
    }
  }
}

function unavailable(message: string): Fetched {
  return { failure: { code: 'QUEUE_UNAVAILABLE', message } };
}

/** What is wrong with the bytes; undefined: they are those that the job names. */
function faultOf(bytes: Uint8Array, { bytes: length, sha256 }: StoredContext): string | undefined {
  if (bytes.length !== length) return 'it has another length than the job says';
  if (new Content(bytes).sha256 !== sha256) return 'it has another SHA-256 than the job says';
  return isUtf8(bytes) ? undefined : 'it is not valid UTF-8';
}
