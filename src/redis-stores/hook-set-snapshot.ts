/** All hook sets of a tenant as they were at one moment, and how one of them is written in Redis. */
import { isJsonObject } from '../protocol/json.ts';
import { fieldOf, hashed } from '../server/stored-hook-set.ts';
import { type HookSetContent, type HookSetKey, type Scope, type StoredHookSet, scopes } from '../server/stores.ts';

export interface HookSetSnapshot {
  /** Another one with every change, and never one that there was before. */
  readonly revision: string;
  readonly sets: ReadonlyMap<string, StoredHookSet>;
  /** Fields of sets that are there and cannot be read. */
  readonly corrupt: ReadonlySet<string>;
  /** About what it takes in memory. */
  readonly bytes: number;
}

export const emptySnapshot: HookSetSnapshot = { revision: '', sets: new Map(), corrupt: new Set(), bytes: 0 };

/** KEYS: the tenant's hash. ARGV: the revision that is known. Answers nil when it is still that one. */
export const readScript = `
if redis.call('HGET', KEYS[1], 'revision') == ARGV[1] then return false end
return redis.call('HGETALL', KEYS[1])`;

export type HookSetFacts = Omit<HookSetContent, 'text'> & Pick<StoredHookSet, 'storedAt'>;

/** What the scripts put behind the version: `VERSION ETAG FACTS\nTEXT`. */
export function writeTail(etag: string, facts: HookSetFacts, text: string): string {
  return `${etag} ${JSON.stringify(facts)}\n${text}`;
}

/** One set that cannot be read leaves the others as they are. @param pairs fields and values of the hash in turns. */
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

/** `VERSION ETAG FACTS\nTEXT`: what is between the parts is looked for, since facts and text may hold any character. */
function parseSet(tenant: string, field: string, value: string): StoredHookSet | undefined {
  const colon = field.indexOf(':');
  const key: HookSetKey = { tenant, scope: field.slice(0, colon) as Scope, name: field.slice(colon + 1) };
  const etagAt = value.indexOf(' ') + 1;
  const factsAt = value.indexOf(' ', etagAt) + 1;
  const textAt = value.indexOf('\n', factsAt) + 1;
  if (etagAt === 0 || factsAt === 0 || textAt === 0 || !scopes.includes(key.scope)) return undefined;
  const version = Number(value.slice(0, etagAt - 1));
  const facts = parseFacts(value.slice(factsAt, textAt - 1));
  if (!Number.isSafeInteger(version) || version < 1 || facts === undefined) return undefined;
  return hashed({ ...key, ...facts, text: value.slice(textAt), version, etag: value.slice(etagAt, factsAt - 1) });
}

function parseFacts(json: string): HookSetFacts | undefined {
  try {
    const facts: unknown = JSON.parse(json);
    return isFacts(facts) ? facts : undefined;
  } catch {
    return undefined;
  }
}

/** An earlier version stored no hash. */
function isFacts(value: unknown): value is HookSetFacts {
  if (!isJsonObject(value)) return false;
  const { contentType, format, dialect, storedAt, hookCount, sha256 = '', hint = {} } = value;
  const texts = [contentType, format, dialect, storedAt, sha256];
  return texts.every((text) => typeof text === 'string') && typeof hookCount === 'number' && isJsonObject(hint);
}
