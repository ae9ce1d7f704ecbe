/** Keeps verdicts of equal questions, where a hook says so. */
import { hash } from 'node:crypto';
import type { DataBlock } from '../../protocol/fence.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { verdictSchema } from '../../protocol/verdict/judge-verdict.ts';
import type { Judge } from './judges.ts';

/** In this process, or for several processes together. */
export interface VerdictCache {
  get(key: string): Promise<string | undefined>;
  /** @param text an answer that was read as a verdict; failures are never kept. */
  set(key: string, text: string, seconds: number): void;
}

export interface CachedQuestion {
  readonly tenant: string;
  readonly judge: Judge;
  readonly dialect: string;
  readonly event: string;
  readonly prompt: string;
  readonly policy: string;
  readonly data: readonly DataBlock[];
}

/** Of the key's form: a new number forgets all that is kept. */
const version = 1;

/**
 * The SHA-256 of all that an answer depends on. Each part has its length before it, so that no two
 * lists of parts are the same text.
 */
export function cacheKey({ judge, data, ...question }: CachedQuestion): string {
  const { name, entry } = judge;
  const { format, baseUrl, model, answers, outputTokens, temperature } = entry;
  const { tenant, dialect, event, prompt, policy } = question;
  const parts = [
    ...[version, tenant, name, format, baseUrl, model, answers, outputTokens, temperature],
    ...[dialect, event, prompt, policy, JSON.stringify(verdictSchema)],
    ...data.flatMap(({ name: block, json }) => [block, canonical(json)]),
  ].map(String);
  return hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''), 'hex');
}

/**
 * The same JSON with sorted members. Texts of numbers stay as they are where they are not exact, so
 * that two that differ never become one.
 */
function canonical(json: string): string {
  const value: unknown = JSON.parse(json);
  const sorted = JSON.stringify(value, (_, one: unknown) =>
    isJsonObject(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
  // Numbers above 2^53 and names that are there twice are told apart by the text only.
  const isExact = withoutBlanks(JSON.stringify(value)) === withoutBlanks(json);
  return isExact ? sorted : json;
}

function withoutBlanks(json: string): string {
  return json.replace(/\s+/g, '');
}

/** Of one process; the oldest entries go first. */
export class MemoryCache implements VerdictCache {
  readonly #most: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly text: string; readonly until: number }>();

  /** @param now milliseconds on a clock that never goes back. */
  constructor(most = 2_000, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  async get(key: string): Promise<string | undefined> {
    const found = this.#kept.get(key);
    return found === undefined || found.until <= this.#now() ? undefined : found.text;
  }

  set(key: string, text: string, seconds: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { text, until: this.#now() + seconds * 1000 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most) this.#kept.delete(String(oldest));
  }
}
