/**
 * One hook as a file spells it. Keys may be camelCase or snake_case and words of any case, as in
 * Microsoft's own samples; a key that the schema does not know is a problem that names it.
 */
import { attempted } from '../errors.ts';
import type { Dialect } from '../protocol/dialect.ts';
import { findEvent } from '../protocol/dialect-lookup.ts';
import { isJsonObject } from '../protocol/json.ts';
import { shown } from '../protocol/shown.ts';
import { compileEntry } from './compile-entry.ts';
import { hookEntrySchema } from './hook-schema.ts';
import { foldKeys } from './keys.ts';
import type { EntryPlace, EntryResult, OwnEntry, Where } from './loaded-hook.ts';
import type { Path, Problem, SourceDocument } from './source-document.ts';

/**
 * Checks one entry and compiles it.
 * @returns the hook, or every problem with its place.
 */
export function readHookEntry(place: EntryPlace, value: unknown): EntryResult {
  const { source, path } = place;
  if (!isJsonObject(value))
    return {
      problems: [source.problem(path, 'A hook must be a mapping with a script or a command.')],
    };
  const { entry, written, problems } = foldKeys(source, path, value);
  const where = (key: string) => [...path, written(key)];
  const unknown = takeUnknownKeys(place, entry, where);
  const own = { entry, where, problems: [...problems, ...unknown] };
  return compileEntry(
    place,
    place.group === undefined ? own : inGroup(place.source, own, place.group),
  );
}

/**
 * Applies the settings of a group to one of its hooks. A key that both have is a problem, because
 * one of the two would be ignored.
 */
function inGroup(
  source: SourceDocument,
  { entry, where, problems }: OwnEntry,
  group: OwnEntry,
): OwnEntry {
  const twice = Object.keys(group.entry)
    .filter((key) => Object.hasOwn(entry, key))
    .map((key) =>
      source.problem(where(key), `${key} is said by the group already: keep one.`, 'key'),
    );
  return {
    entry: { ...entry, ...group.entry },
    where: (key) => (Object.hasOwn(group.entry, key) ? group.where(key) : where(key)),
    problems: [...problems, ...twice],
  };
}

/** The dialect's event for a key, or a problem at that key. */
export function readEventName(
  source: SourceDocument,
  path: Path,
  dialect: Dialect,
  name: unknown,
): { event?: string; problems: Problem[] } {
  const { value: event, problem } = attempted(() =>
    findEvent(dialect, typeof name === 'string' ? name : ''),
  );
  return event === undefined
    ? { problems: [source.problem(path, String(problem), 'key')] }
    : { event, problems: [] };
}

/** Deletes unknown keys, so that validation can report the remaining problems. */
function takeUnknownKeys(
  { source }: EntryPlace,
  entry: Record<string, unknown>,
  where: Where,
): Problem[] {
  const unknown = Object.keys(entry).filter((key) => !Object.hasOwn(hookEntrySchema.shape, key));
  const known = Object.keys(hookEntrySchema.shape).join(', ');
  return unknown.map((key) => {
    delete entry[key];
    return source.problem(
      where(key),
      `Unknown key "${shown(String(where(key).at(-1)))}". Known: ${known}.`,
      'key',
    );
  });
}
