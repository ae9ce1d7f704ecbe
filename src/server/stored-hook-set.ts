/** Functions that all stores of hook sets use. */
import { randomBytes } from 'node:crypto';
import { sha256 } from './audit-record.ts';
import { type HookSetKey, type ResolvedHookSet, type StoredHookSet, scopes } from './stores.ts';

/**
 * The random part ensures that a tag of a deleted set, or of a lost store, is never given again.
 */
export function newEtag(textSha256: string): string {
  return `"${textSha256.slice(0, 12)}-${randomBytes(12).toString('hex')}"`;
}

/**
 * Adds the hash of the text where it is missing: earlier versions stored none, and without one two
 * texts would count as the same.
 */
export function hashed<T extends { readonly text: string; readonly sha256?: string }>(
  stored: T,
): T & { readonly sha256: string } {
  return { ...stored, sha256: stored.sha256 ?? sha256(stored.text) };
}

/** Sorts named sets before global ones, each by name. */
export function inOrder(sets: Iterable<StoredHookSet>): StoredHookSet[] {
  const rank = ({ scope, name }: StoredHookSet) => `${scopes.indexOf(scope)}${name}`;
  return [...sets].toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** The key of a set among those of its tenant. */
export function fieldOf({ scope, name }: Pick<HookSetKey, 'scope' | 'name'>): string {
  return `${scope}:${name}`;
}

/** @param sets all sets of a tenant by their fields. */
export function resolved(sets: ReadonlyMap<string, StoredHookSet>, name: string): ResolvedHookSet {
  const globals = [...sets.values()].filter(({ scope }) => scope === 'global');
  return { set: sets.get(fieldOf({ scope: 'named', name })), globals: inOrder(globals) };
}
