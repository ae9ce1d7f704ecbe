/**
 * The hook set of an accepted file, and the code that several formats share: hooks by event, and
 * limits on their number.
 */

import type { AgentFileFormat } from '../agents/registry.ts';
import type { ProjectFiles } from '../bundling/project-files.ts';
import type { Dialect, FailMode, Tier } from '../protocol/dialect.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { documentLimits } from '../protocol/limits.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import { shown } from '../protocol/shown.ts';
import { readEventName, readHookEntry } from './hook-entry.ts';
import { hookGroupSchema } from './hook-schema.ts';
import { foldKeys } from './keys.ts';
import { tooMany } from './limits.ts';
import type { EntryResult, LoadedHook, OwnEntry } from './loaded-hook.ts';
import { distinct, type Path, type Problem, type SourceDocument } from './source-document.ts';

type HookFileFormat = 'hookpool' | 'azure-extended-agent' | 'azure-global-hook' | AgentFileFormat;

export interface HookSet {
  readonly file: string;
  readonly format: HookFileFormat;
  readonly dialect: Dialect;
  /** The agent that the file is for, where it names one. */
  readonly agent?: string | undefined;
  readonly hooks: readonly LoadedHook[];
  /** Warnings about what gave no hook; those about a hook are beside it. */
  readonly warnings?: readonly Problem[];
}

/** All warnings about a file and its hooks, each once. */
export function warningsOf({ warnings = [], hooks }: HookSet): Problem[] {
  return distinct([...warnings, ...hooks.flatMap((loaded) => loaded.warnings)]);
}

/** One document: its hooks, or every problem. */
export interface DocumentResult {
  readonly set?: HookSet;
  readonly problems: readonly Problem[];
}

/** The hooks of one mapping of events, with what was found while it was read. */
export interface ReadHooks {
  readonly hooks: readonly LoadedHook[];
  readonly problems: readonly Problem[];
  readonly warnings?: readonly Problem[];
}

/** A document of a file, with the files of its project. */
export interface DocumentPlace {
  readonly file: string;
  readonly source: SourceDocument;
  readonly project: ProjectFiles | undefined;
  /** The failMode of hooks that say none; undefined: the dialect's default. */
  readonly failMode?: FailMode | undefined;
  /** The profiles that hooks can run in; undefined: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
}

interface MapPlace extends Omit<DocumentPlace, 'file'> {
  readonly dialect: Dialect;
  readonly path: Path;
  readonly tier: Tier;
}

/** Reads `{EventName: [hook, ...]}`. */
export function readEventMap(place: MapPlace, value: unknown): ReadHooks {
  const { source, dialect, path } = place;
  const hooks: LoadedHook[] = [];
  const problems: Problem[] = [];
  if (!isJsonObject(value))
    return {
      hooks,
      problems: [source.problem(path, '"hooks" must map event names to lists of hooks.')],
    };
  const tooMuch = countProblem(source, path, value);
  if (tooMuch !== undefined) return { hooks, problems: [tooMuch] };
  for (const [key, list] of Object.entries(value)) {
    const { event, problems: eventProblems } = readEventName(source, [...path, key], dialect, key);
    problems.push(...eventProblems);
    if (!Array.isArray(list))
      problems.push(source.problem([...path, key], `The hooks of ${shown(key)} must be a list.`));
    if (event === undefined || !Array.isArray(list)) continue;
    for (const read of readList({ ...place, event, path: [...path, key] }, list)) {
      problems.push(...read.problems);
      if (read.loaded !== undefined) hooks.push(read.loaded);
    }
  }
  return { hooks, problems };
}

/**
 * Reports too many hooks or events in `{EventName: [hook or group, ...]}`. They are counted before
 * any of them is read; a group without hooks counts as one.
 */
export function countProblem(
  source: SourceDocument,
  path: Path,
  value: JsonObject,
): Problem | undefined {
  const lists = Object.values(value);
  const hooks = lists.flatMap((list) => (Array.isArray(list) ? list : [])).map(hooksIn);
  const what = lists.length > documentLimits.hooks ? 'events' : 'hooks';
  const isTooMuch =
    what === 'events' || hooks.reduce((sum, count) => sum + count, 0) > documentLimits.hooks;
  return isTooMuch ? source.problem(path, tooMany(what, documentLimits.hooks)) : undefined;
}

function hooksIn(item: unknown): number {
  const hooks = isJsonObject(item) ? item['hooks'] : undefined;
  return Array.isArray(hooks) ? Math.max(1, hooks.length) : 1;
}

/** Reads hooks, groups of hooks, or both. Default names number the hooks across all groups. */
function readList(
  place: MapPlace & { readonly event: string },
  list: readonly unknown[],
): EntryResult[] {
  let count = 0;
  const readOne = (path: Path, item: unknown, group?: OwnEntry) =>
    readHookEntry({ ...place, path, group, defaultName: `${place.event}[${count++}]` }, item);
  return list.flatMap((item, index) => {
    const path = [...place.path, index];
    if (!isJsonObject(item) || !('hooks' in item)) return [readOne(path, item)];
    const { hooks, problems, group } = readGroup(place.source, path, item);
    return [{ problems }, ...hooks.map((hook, at) => readOne([...path, 'hooks', at], hook, group))];
  });
}

function readGroup(source: SourceDocument, path: Path, item: JsonObject) {
  const { entry, written, problems } = foldKeys(source, path, item);
  const where = (key: string) => [...path, written(key)];
  const { hooks, description: _, ...group } = entry;
  const known = Object.keys(hookGroupSchema.shape);
  const unknown = Object.keys(entry).filter((key) => !known.includes(key));
  for (const key of unknown) {
    delete group[key];
    const text = `Unknown key "${shown(written(key))}" of a group. Known: ${known.join(', ')}.`;
    problems.push(source.problem(where(key), text, 'key'));
  }
  if (!Array.isArray(hooks))
    problems.push(source.problem(where('hooks'), 'The hooks of a group must be a list.'));
  return {
    hooks: Array.isArray(hooks) ? hooks : [],
    problems,
    group: { entry: group, where, problems: [] },
  };
}

/** Returns the set only when there are no problems. */
export function withHooks(
  set: Omit<HookSet, 'hooks' | 'warnings'>,
  { hooks, problems, warnings = [] }: ReadHooks,
): DocumentResult {
  if (problems.length > 0) return { problems: distinct(problems) };
  return { set: { ...set, hooks, ...(warnings.length === 0 ? {} : { warnings }) }, problems: [] };
}

export function refuse(source: SourceDocument, path: Path, message: string): DocumentResult {
  return { problems: [source.problem(path, message)] };
}
