/** Snapshots of all hook sets of a tenant, and the format of one hook set in Redis. */
import { isJsonObject } from '../protocol/json.ts';
import { fieldOf, hashed } from '../server/stored-hook-set.ts';
import {
  type HookSetContent,
  type HookSetKey,
  type Scope,
  type StoredHookSet,
  scopes,
} from '../server/stores.ts';

export interface HookSetSnapshot {
  /** Differs after every change, and is never reused. */
  readonly revision: string;
  readonly sets: ReadonlyMap<string, StoredHookSet>;
  /** Fields of stored sets that cannot be parsed. */
  readonly corrupt: ReadonlySet<string>;
  /** Approximate size in memory. */
  readonly bytes: number;
}

export const emptySnapshot: HookSetSnapshot = {
  revision: '',
  sets: new Map(),
  corrupt: new Set(),
  bytes: 0,
};

/**
 * KEYS: the tenant's hash. ARGV: the known revision. Returns nil when that revision is still
 * current.
 */
export const readScript = `
if redis.call('HGET', KEYS[1], 'revision') == ARGV[1] then return false end
return redis.call('HGETALL', KEYS[1])`;

export type HookSetFacts = Omit<HookSetContent, 'text'> & Pick<StoredHookSet, 'storedAt'>;

/** Returns what the scripts store behind the version in `VERSION ETAG FACTS\nTEXT`. */
export function writeTail(etag: string, facts: HookSetFacts, text: string): string {
  return `${etag} ${JSON.stringify(facts)}\n${text}`;
}

/**
 * Parses all sets; one that cannot be parsed affects no other. @param pairs the hash's fields and
 * values, alternating
 */
export function parseSnapshot(tenant: string, pairs: readonly string[]): HookSetSnapshot {
  let { revision, bytes } = emptySnapshot;
  const sets = new Map<string, StoredHookSet>();
  const corrupt = new Set<string>();
  for (let at = 0; at < pairs.length; at += 2) {
    const [field = '', value = ''] = pairs.slice(at, at + 2);
    if (field === 'revision') revision = value;
    if (!field.includes(':')) continue;
    const set = parseSet(tenant, field, value);
    if (set === undefined) corrupt.add(field);
    else sets.set(fieldOf(set), set);
    bytes += value.length;
  }
  return sets.size + corrupt.size === 0 ? emptySnapshot : { revision, sets, corrupt, bytes };
}

/**
 * Parses `VERSION ETAG FACTS\nTEXT` by the first separator after each part, since facts and text
 * may hold any character.
 */
export function parseSet(tenant: string, field: string, value: string): StoredHookSet | undefined {
  const colon = field.indexOf(':');
  const key: HookSetKey = {
    tenant,
    scope: field.slice(0, colon) as Scope,
    name: field.slice(colon + 1),
  };
  const etagAt = value.indexOf(' ') + 1;
  const factsAt = value.indexOf(' ', etagAt) + 1;
  const textAt = value.indexOf('\n', factsAt) + 1;
  if (etagAt === 0 || factsAt === 0 || textAt === 0 || !scopes.includes(key.scope))
    return undefined;
  const version = Number(value.slice(0, etagAt - 1));
  const facts = parseFacts(value.slice(factsAt, textAt - 1));
  if (!Number.isSafeInteger(version) || version < 1 || facts === undefined) return undefined;
  return hashed({
    ...key,
    ...facts,
    text: value.slice(textAt),
    version,
    etag: value.slice(etagAt, factsAt - 1),
  });
}

function parseFacts(json: string): HookSetFacts | undefined {
  try {
    const facts: unknown = JSON.parse(json);
    return isFacts(facts) ? facts : undefined;
  } catch {
    return undefined;
  }
}

/** Accepts facts without `sha256`: an earlier version stored none. */
function isFacts(value: unknown): value is HookSetFacts {
  if (!isJsonObject(value)) return false;
  const { contentType, format, dialect, storedAt, hookCount, sha256 = '', hint = {} } = value;
  const texts = [contentType, format, dialect, storedAt, sha256];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof hookCount === 'number' &&
    isJsonObject(hint)
  );
}
