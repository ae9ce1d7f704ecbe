/** Keeps verdicts of equal questions, where a hook says so. */
import { hash } from 'node:crypto';
import type { DataBlock } from '../../protocol/fence.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { verdictSchema } from '../../protocol/verdict/judge-verdict.ts';
import type { Judge } from './judges.ts';

/** Verdicts that are kept in this process, or for several processes together. */
export interface VerdictCache {
  get(key: string): Promise<string | undefined>;
  /**
   * @param key of cacheKey()
   * @param text an answer that was read as a verdict; failures are never kept.
   */
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

/** The version of the key's form: with a new number no verdict that was kept before is found. */
const version = 1;

/**
 * The tenant, `:`, which is in no tenant's name, and the SHA-256 of all that an answer depends on.
 * Each part has its length before it, so that no two lists of parts are the same text.
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
  const digest = hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''), 'hex');
  return `${tenant}:${digest}`;
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

interface KeptAnswer {
  readonly text: string;
  readonly places: number;
  readonly until: number;
}

/** The answers of one tenant, the oldest first, and the places that they take. */
interface TenantAnswers {
  readonly answers: Map<string, KeptAnswer>;
  places: number;
}

/** An answer takes a place for each 8 KiB that it begins; a verdict has 50 to 2,000 bytes. */
const placeBytes = 8 << 10;
/** A longer answer is not kept. */
const answerBytes = 64 << 10;
/** Of one process: 16 MiB. */
const mostPlaces = 2_000;

/**
 * Of one process. Where all places are taken, the tenant with most of them loses its oldest answer,
 * so that no tenant takes the places of others.
 */
export class MemoryCache implements VerdictCache {
  readonly #most: number;
  readonly #now: () => number;
  readonly #tenants = new Map<string, TenantAnswers>();
  #taken = 0;

  /**
   * @param most places.
   * @param now milliseconds on a clock that never goes back.
   */
  constructor(most = mostPlaces, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  async get(key: string): Promise<string | undefined> {
    const found = this.#tenants.get(tenantOf(key))?.answers.get(key);
    if (found === undefined || found.until > this.#now()) return found?.text;
    this.#remove(key);
    return undefined;
  }

  set(key: string, text: string, seconds: number): void {
    this.#remove(key);
    const bytes = Buffer.byteLength(text);
    if (bytes > answerBytes) return;
    const tenant = tenantOf(key);
    const own = this.#tenants.get(tenant) ?? { answers: new Map(), places: 0 };
    const places = Math.max(1, Math.ceil(bytes / placeBytes));
    this.#tenants.set(tenant, own);
    own.answers.set(key, { text, places, until: this.#now() + seconds * 1000 });
    own.places += places;
    this.#taken += places;
    while (this.#taken > this.#most) this.#removeOne();
  }

  /** Linear in the tenants, which are at most as many as the places. */
  #removeOne(): void {
    const [first, ...others] = this.#tenants.values();
    const most = others.reduce((a, b) => (b.places > Number(a?.places) ? b : a), first);
    const [oldest] = most?.answers.keys() ?? [];
    this.#remove(String(oldest));
  }

  #remove(key: string): void {
    const tenant = tenantOf(key);
    const own = this.#tenants.get(tenant);
    const found = own?.answers.get(key);
    if (own === undefined || found === undefined) return;
    own.answers.delete(key);
    own.places -= found.places;
    this.#taken -= found.places;
    if (own.answers.size === 0) this.#tenants.delete(tenant);
  }
}

function tenantOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
