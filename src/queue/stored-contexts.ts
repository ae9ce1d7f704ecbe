/**
 * The dispatcher's side of large contexts: the first job of an event puts the context into Redis,
 * under a key of its own, and all its hooks name that key. The key is removed as soon as no job of
 * this process needs it; it expires after the evaluation's time where this process is gone before.
 */
import { randomBytes } from 'node:crypto';
import type { Content } from '../protocol/content.ts';
import type { RedisClient } from '../redis/connection.ts';
import { contextKey } from '../redis/keys.ts';
import { inlineContextBytes, type StoredContext } from '../wire/stored-job.ts';

export interface StoredContextsOptions {
  readonly redis: () => RedisClient;
  readonly queue: string;
  readonly onError: (error: Error) => void;
}

/** The context of a job, as long as the job needs it. */
export interface HeldContext {
  /**
   * Stores the context if it is not there. Commands of one connection keep their order, so a job
   * that is added next finds it. A context that Redis did not take or has lost is a failure of the
   * job that asks for it.
   * @param budgetMs how long the job may wait for its worker.
   */
  put(attempt: number, budgetMs: number): StoredContext;
  release(): void;
}

interface Entry {
  readonly tenant: string;
  readonly id: string;
  readonly content: Content;
  users: number;
  /** When the key expires, by performance.now(); 0 before it is stored. */
  until: number;
  removal: NodeJS.Timeout | undefined;
}

/**
 * A chain has a pause between two hooks, in which no job holds the context. A removal that comes too
 * early costs one more transfer and nothing else.
 */
const lingerMs = 25;
/** The key outlives the budget of its jobs by this and at most twice this, in milliseconds. */
const spareMs = 30_000;

export class StoredContexts {
  readonly #options: StoredContextsOptions;
  readonly #entries = new Map<Content, Entry>();

  constructor(options: StoredContextsOptions) {
    this.#options = options;
  }

  /** @returns undefined for a context that is small enough to be a part of the message. */
  hold(tenant: string, content: Content): HeldContext | undefined {
    if (content.bytes.length <= inlineContextBytes) return undefined;
    const entry = this.#entryOf(tenant, content);
    entry.users++;
    clearTimeout(entry.removal);
    return {
      put: (attempt, budgetMs) => this.#put(entry, attempt, budgetMs),
      release: () => {
        if (--entry.users > 0) return;
        entry.removal = setTimeout(() => this.#remove(entry), lingerMs);
        entry.removal.unref();
      },
    };
  }

  /** Removes all keys now. */
  close(): void {
    for (const entry of this.#entries.values()) this.#remove(entry);
  }

  /** A content belongs to one event, so no two tenants have the same object. */
  #entryOf(tenant: string, content: Content): Entry {
    const known = this.#entries.get(content);
    if (known?.tenant === tenant) return known;
    const id = randomBytes(16).toString('base64url');
    const entry: Entry = { tenant, id, content, users: 0, until: 0, removal: undefined };
    this.#entries.set(content, entry);
    return entry;
  }

  #put(entry: Entry, attempt: number, budgetMs: number): StoredContext {
    const { id, content } = entry;
    const { bytes, sha256 } = content;
    const now = performance.now();
    const needed = now + budgetMs + spareMs;
    // A second attempt may be due to the loss of the key.
    if (attempt > 1 || needed > entry.until) {
      entry.until = needed + spareMs;
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const keptMs = Math.ceil(entry.until - now);
      this.#options
        .redis()
        .set(this.#keyOf(entry), value, 'PX', keptMs)
        .catch(this.#options.onError);
    }
    return { id, bytes: bytes.length, sha256 };
  }

  #remove(entry: Entry): void {
    clearTimeout(entry.removal);
    if (this.#entries.get(entry.content) === entry) this.#entries.delete(entry.content);
    if (entry.until === 0) return;
    // Without Redis the key expires.
    this.#options
      .redis()
      .unlink(this.#keyOf(entry))
      .catch(() => undefined);
  }

  #keyOf({ tenant, id }: Entry): string {
    return contextKey(this.#options.queue, tenant, id);
  }
}
