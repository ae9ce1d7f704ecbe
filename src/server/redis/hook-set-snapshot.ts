/** All hook sets of a tenant as they were at one moment, and how one of them is written in Redis. */
import { fieldOf, hashed } from '../stored-hook-set.ts';
import type { HookSetContent, HookSetKey, Scope, StoredHookSet } from '../stores.ts';

export interface HookSetSnapshot {
  /** Another one with every change, and never one that there was before. */
  readonly revision: string;
  readonly sets: ReadonlyMap<string, StoredHookSet>;
  /** About what it takes in memory. */
  readonly bytes: number;
}

export const emptySnapshot: HookSetSnapshot = { revision: '', sets: new Map(), bytes: 0 };

/** KEYS: the tenant's hash. ARGV: the revision that is known. Answers nil when it is still that one. */
export const readScript = `
if redis.call('HGET', KEYS[1], 'revision') == ARGV[1] then return false end
return redis.call('HGETALL', KEYS[1])`;

export type HookSetFacts = Omit<HookSetContent, 'text'> & Pick<StoredHookSet, 'storedAt'>;

/** What the scripts put behind the version: `VERSION ETAG FACTS\nTEXT`. */
export function writeTail(etag: string, facts: HookSetFacts, text: string): string {
  return `${etag} ${JSON.stringify(facts)}\n${text}`;
}

/** @param pairs fields and values of the hash in turns. */
export function parseSnapshot(tenant: string, pairs: readonly string[]): HookSetSnapshot {
  let { revision, bytes } = emptySnapshot;
  const sets = new Map<string, StoredHookSet>();
  for (let at = 0; at < pairs.length; at += 2) {
    const [field = '', value = ''] = pairs.slice(at, at + 2);
    if (field === 'revision') revision = value;
    if (!field.includes(':')) continue;
    const set = parseSet(tenant, field, value);
    sets.set(fieldOf(set), set);
    bytes += value.length;
  }
  return sets.size === 0 ? emptySnapshot : { revision, sets, bytes };
}

function parseSet(tenant: string, field: string, value: string): StoredHookSet {
  const colon = field.indexOf(':');
  const key: HookSetKey = { tenant, scope: field.slice(0, colon) as Scope, name: field.slice(colon + 1) };
  const [head = '', version, etag, facts] = /^(\d+) (\S+) (.*)\n/.exec(value) ?? [];
  if (version === undefined || etag === undefined || facts === undefined) {
    throw new Error(`The hook set ${field} of the tenant ${tenant} is not readable in Redis.`);
  }
  const text = value.slice(head.length);
  return hashed({ ...key, ...(JSON.parse(facts) as HookSetFacts), text, version: Number(version), etag });
}
