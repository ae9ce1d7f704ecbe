/** What every store of hook sets does alike. */
import { randomBytes } from 'node:crypto';
import { sha256 } from './audit-record.ts';
import { type HookSetKey, type ResolvedHookSet, type StoredHookSet, scopes } from './stores.ts';

/** The random part keeps tags of a deleted set, or of a store that was lost, from coming back. */
export function newEtag(textSha256: string): string {
  return `"${textSha256.slice(0, 12)}-${randomBytes(12).toString('hex')}"`;
}

/** With the hash of its text. What an earlier version stored has none, and without one two texts would be taken for the same. */
export function hashed<T extends { readonly text: string; readonly sha256?: string }>(
  stored: T,
): T & { readonly sha256: string } {
  return { ...stored, sha256: stored.sha256 ?? sha256(stored.text) };
}

/** Named ones, then global ones, each sorted by name. */
export function inOrder(sets: Iterable<StoredHookSet>): StoredHookSet[] {
  const rank = ({ scope, name }: StoredHookSet) => `${scopes.indexOf(scope)}${name}`;
  return [...sets].toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Under what a set is kept among those of its tenant. */
export function fieldOf({ scope, name }: Pick<HookSetKey, 'scope' | 'name'>): string {
  return `${scope}:${name}`;
}

/** @param sets all sets of a tenant by their fields. */
export function resolved(sets: ReadonlyMap<string, StoredHookSet>, name: string): ResolvedHookSet {
  const globals = [...sets.values()].filter(({ scope }) => scope === 'global');
  return { set: sets.get(fieldOf({ scope: 'named', name })), globals: inOrder(globals) };
}
