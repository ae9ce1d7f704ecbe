/**
 * One hook as a file spells it. Keys may be camelCase or snake_case and words of any case, as in
 * Microsoft's own samples; a key that the schema does not know is a problem that names it.
 */
import type { z } from 'zod';
import { inProject } from '../bundling/in-project.ts';
import type { ProjectFiles } from '../bundling/project-files.ts';
import { HookpoolError } from '../errors.ts';
import type { Action } from '../protocol/action.ts';
import type { Dialect, FailMode, Tier } from '../protocol/dialect.ts';
import { eventRules, findEvent } from '../protocol/dialect-lookup.ts';
import type { Hook } from '../protocol/hook.ts';
import { isJsonObject } from '../protocol/json.ts';
import { compileCondition } from '../protocol/matching/condition.ts';
import { compileMatcher } from '../protocol/matching/matcher.ts';
import { neverMatching } from '../protocol/matching/never-matching.ts';
import { parseScript } from '../protocol/script.ts';
import { shortened, shown } from '../protocol/shown.ts';
import { hookProblems, isModelHook, timeoutOf } from './hook-problems.ts';
import { type HookEntry, hookEntrySchema } from './hook-schema.ts';
import { foldKeys } from './keys.ts';
import type { FilePlace, Path, Problem, SourceDocument } from './source-document.ts';

/** The place of an entry, and the settings that its surroundings give it. */
export interface EntryPlace {
  readonly source: SourceDocument;
  readonly path: Path;
  readonly dialect: Dialect;
  readonly event: string;
  readonly defaultName: string;
  readonly tier: Tier;
  readonly activation?: 'always' | 'on-demand' | undefined;
  /** Files that its command may name; undefined: the document came without files. */
  readonly project: ProjectFiles | undefined;
  /** Settings of the group, which apply to all of its hooks. */
  readonly group?: OwnEntry | undefined;
}

/** A hook that came from a file, with the place of its script for later problems. */
export interface LoadedHook {
  readonly hook: Hook;
  readonly scriptPlace: FilePlace;
  /** Creates a problem at the hook's script; its `line` is the line of the script in the file. */
  readonly scriptProblem: (message: string) => Problem;
  /** Values that were replaced by a supported one, such as a timeout above the maximum. */
  readonly warnings: readonly Problem[];
}

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

export interface EntryResult {
  readonly loaded?: LoadedHook;
  readonly problems: Problem[];
}

/** An entry under hookpool's own keys. */
export interface OwnEntry {
  readonly entry: Readonly<Record<string, unknown>>;
  /** Path in the file of the key that sets one of hookpool's own keys. */
  readonly where: Where;
  /** Problems that were found while the keys were read. */
  readonly problems: readonly Problem[];
}

type Where = (key: string) => Path;

export function compileEntry(
  place: EntryPlace,
  { entry, where, problems: before }: OwnEntry,
): EntryResult {
  const { source } = place;
  const problems = [...before];
  const parsed = hookEntrySchema.safeParse(entry);
  if (!parsed.success)
    return {
      problems: [
        ...problems,
        ...parsed.error.issues.map((issue) => issueProblem(source, issue, where)),
      ],
    };
  const { data } = parsed;
  const wrong = hookProblems(place, data);
  problems.push(...wrong.map(([key, message]) => source.problem(where(key), message)));
  const attempt = <T>(key: string, make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof HookpoolError)) throw error;
      problems.push(source.problem(where(key), error.message));
      return undefined;
    }
  };
  const scriptKey = data.script === undefined ? 'command' : 'script';
  const written = attempt(scriptKey, () => toAction(place.dialect, data));
  const { action, problems: missing, warnings: lacking } = withFiles(place, data, written);
  problems.push(
    ...missing.map(([key, message]) => source.problem(where(key ?? scriptKey), message)),
  );
  const rules = eventRules(place.dialect, place.event);
  const matches = attempt('matcher', () =>
    compileMatcher(place.dialect, data.matcher ?? undefined, rules.matcher),
  );
  const condition = attempt('if', () =>
    data.if === undefined ? undefined : compileCondition(data.if),
  );
  if (
    problems.length > 0 ||
    action === undefined ||
    matches === undefined ||
    data.enabled === false
  )
    return { problems };
  const { timeoutMs, warning } = timeoutOf(place, data);
  const hook: Hook = {
    name: data.name ?? place.defaultName,
    event: place.event,
    tier: data.tier ?? place.tier,
    action,
    matcher: data.matcher ?? undefined,
    matches,
    timeoutMs,
    ...failModesOf(place, data.failMode),
    strictOutput: data.strictOutput,
    quiet: data.quiet,
    once: data.once,
    async: data.async,
    sequential: data.sequential,
    maxRejections: rules.endsTurn ? data.maxRejections : undefined,
    condition,
    conditionText: data.if,
    sources: data.sources,
    activation: data.activation ?? place.activation ?? 'always',
    ...(lacking.length === 0 ? {} : { lacks: lacking.map(([, message]) => message) }),
  };
  const warnings = [
    ...(warning === undefined ? [] : [source.problem(where('timeout'), warning)]),
    ...lacking.map(([key, message]) => source.problem(where(key ?? scriptKey), message)),
    ...neverMatching(place.dialect, rules, data).map(([key, message]) =>
      source.problem(where(key), message),
    ),
  ];
  // Only the place is kept, so that no hook holds the text of its file in memory.
  const scriptPlace = source.place(where(scriptKey));
  const scriptProblem = (message: string) => ({ ...scriptPlace, message: shortened(message) });
  return { loaded: { hook, scriptPlace, scriptProblem, warnings }, problems: [] };
}

/** The author's failMode, else the dialect's default at this event. */
export function failModesOf(
  { dialect, event }: { readonly dialect: Dialect; readonly event: string },
  written: FailMode | undefined,
): Pick<Hook, 'failMode' | 'failModeIsDefault'> {
  if (written !== undefined) return { failMode: written };
  return {
    failMode: eventRules(dialect, event).defaultFailMode ?? dialect.defaultFailMode,
    failModeIsDefault: true,
  };
}

/** The dialect's event for a key, or a problem at that key. */
export function readEventName(
  source: SourceDocument,
  path: Path,
  dialect: Dialect,
  name: unknown,
): { event?: string; problems: Problem[] } {
  try {
    return { event: findEvent(dialect, typeof name === 'string' ? name : ''), problems: [] };
  } catch (error) {
    if (!(error instanceof HookpoolError)) throw error;
    return { problems: [source.problem(path, error.message, 'key')] };
  }
}

/**
 * An inline command is bash, whatever its first line is.
 * @returns undefined without command and script, which bodyProblems() reports.
 */
function toAction({ maxScriptBytes }: Dialect, data: HookEntry): Action | undefined {
  if (isModelHook(data)) {
    const { type = 'prompt', prompt, model } = data;
    return {
      kind: 'unsupported',
      type,
      settings: {
        ...(prompt === undefined ? {} : { prompt }),
        ...(model === undefined ? {} : { model }),
      },
    };
  }
  if (data.script !== undefined)
    return { kind: 'command', script: parseScript(data.script, maxScriptBytes) };
  if (data.command === undefined) return undefined;
  const script = parseScript(data.command.replace(/^\uFEFF?#![^\n]*(\n|$)/, ''), maxScriptBytes);
  return { kind: 'command', script: { ...script, runtime: 'bash' } };
}

function withFiles({ dialect, project }: EntryPlace, data: HookEntry, action: Action | undefined) {
  if (action?.kind !== 'command') return { action, problems: [], warnings: [] };
  const { script, problems, warnings } = inProject(action.script, data, {
    dialect: dialect.name,
    files: project,
  });
  return { action: { ...action, script }, problems, warnings };
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

function issueProblem(source: SourceDocument, issue: z.core.$ZodIssue, where: Where): Problem {
  const [first, ...inner] = issue.path.map(String);
  const path = [...where(String(first)), ...inner];
  const name = [where(String(first)).at(-1), ...inner].join('.');
  return source.problem(path, `${shown(name)}: ${issue.message}.`);
}
