/**
 * One hook as a file spells it. Keys may be camelCase or snake_case and words of any case, as in
 * Microsoft's own samples; what the schema does not know is refused by name.
 */
import { z } from 'zod';
import { HookpoolError } from '../../errors.ts';
import { compileCondition } from '../condition.ts';
import { type Dialect, eventRules, type FailMode, failModes, findEvent, type Tier } from '../dialect.ts';
import type { Hook } from '../hook.ts';
import { isJsonObject } from '../json.ts';
import { compileMatcher } from '../matcher.ts';
import { parseScript, type Script } from '../script.ts';
import type { Path, Problem, SourceDocument } from './document.ts';
import { foldKeys } from './keys.ts';
import { inProject } from './project/in-project.ts';
import type { ProjectFiles } from './project/project-files.ts';

export const hookName = /^[A-Za-z0-9_-]{1,128}$/;

const timeoutSeconds = z
  .number()
  .meta({ description: 'Seconds the script may take. Under azure 1 to 300, default 30; docs/dialects.md has the others.' });

/** A hook in a hooks file. The JSON Schema in docs/ is made from this. */
export const hookEntrySchema = z.strictObject({
  name: z
    .string()
    .regex(hookName, 'must be 1 to 128 letters, digits, - or _')
    .optional()
    .meta({ description: 'Shown in results; unique in the file.' }),
  description: z.string().optional(),
  tier: z
    .enum(['system', 'agent', 'global'])
    .optional()
    .meta({ description: 'Hooks run tier by tier in this order. Default agent.' }),
  type: z
    .enum(['command', 'prompt'])
    .optional()
    .meta({ description: 'hookpool runs command hooks; a prompt hook counts as its failMode.' }),
  command: z.string().optional().meta({ description: 'A line of bash. Either this or script.' }),
  script: z.string().optional().meta({ description: 'A bash or python3 script of at most 64 KB; its first line says which.' }),
  matcher: z.string().nullable().optional().meta({
    description:
      'Under azure a regular expression for the whole tool name, or "*"; empty matches nothing. docs/dialects.md has the others.',
  }),
  timeout: timeoutSeconds.optional(),
  failMode: z.enum(failModes).optional().meta({ description: 'What a run that gave no decision counts as. Default allow.' }),
  sources: z
    .array(z.string())
    .min(1, 'must name at least one source')
    .optional()
    .meta({ description: 'Start hooks: only for threads from these sources.' }),
  activation: z
    .enum(['always', 'on-demand'])
    .optional()
    .meta({ description: 'on-demand hooks run only where they are switched on.' }),
  if: z
    .string()
    .optional()
    .meta({ description: 'Tool or Tool(pattern), such as Bash(git push *): the hook runs only for such a call.' }),
  env: z
    .record(z.string(), z.string('must be a text: write quotes around it'))
    .optional()
    .meta({ description: 'Variables for the script. Values are texts.' }),
  workingDir: z.string().optional().meta({
    description:
      "Where the command starts: a folder inside the project. Default: the project's folder where files are taken along.",
  }),
  files: z.array(z.string().min(1)).optional().meta({
    description:
      'Files that go along, beside those that the command names: paths, folders, globs; ! before one leaves files out.',
  }),
  strictOutput: z.boolean().optional().meta({ description: 'Output that the dialect does not know is an error.' }),
  quiet: z.boolean().optional().meta({ description: 'An error that does not block is told in diagnostics only.' }),
  prompt: z.string().optional(),
  model: z.string().optional(),
  maxRejections: z.number().int().min(1).max(25).optional(),
});

export type HookEntry = z.infer<typeof hookEntrySchema>;

/** Where an entry stands, and what its surroundings already say about it. */
export interface EntryPlace {
  readonly source: SourceDocument;
  readonly path: Path;
  readonly dialect: Dialect;
  readonly event: string;
  readonly defaultName: string;
  readonly tier: Tier;
  readonly activation?: 'always' | 'on-demand' | undefined;
  /** What its command may name; undefined: nothing came with the document. */
  readonly project: ProjectFiles | undefined;
}

/** A hook that came from a file, with the place of its script for later problems. */
export interface LoadedHook {
  readonly hook: Hook;
  /** A problem at the hook's script. `line` is the script's own line. */
  readonly scriptProblem: (message: string) => Problem;
}

/**
 * Checks one entry and compiles it.
 * @returns the hook, or every problem with its place.
 */
export function readHookEntry(place: EntryPlace, value: unknown): EntryResult {
  const { source, path } = place;
  if (!isJsonObject(value)) return { problems: [source.problem(path, 'A hook must be a mapping with a script or a command.')] };
  const { entry, written, problems } = foldKeys(source, path, value);
  const where = (key: string) => [...path, written(key)];
  const unknown = takeUnknownKeys(place, entry, where);
  return compileEntry(place, { entry, where, problems: [...problems, ...unknown] });
}

export interface EntryResult {
  readonly loaded?: LoadedHook;
  readonly problems: Problem[];
}

/** An entry under our own keys. */
export interface OwnEntry {
  readonly entry: Readonly<Record<string, unknown>>;
  /** Where the file says what our key says. */
  readonly where: Where;
  /** What was found on the way here. */
  readonly problems: readonly Problem[];
}

type Where = (key: string) => Path;

export function compileEntry(place: EntryPlace, { entry, where, problems: before }: OwnEntry): EntryResult {
  const { source } = place;
  const problems = [...before];
  const parsed = hookEntrySchema.safeParse(entry);
  if (!parsed.success)
    return { problems: [...problems, ...parsed.error.issues.map((issue) => issueProblem(source, issue, where))] };
  const { data } = parsed;
  const wrong = [...bodyProblems(data), ...settingProblems(place, data)];
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
  const text = attempt(scriptKey, () => toScript(place.dialect, data));
  const { script, problems: missing } = withFiles(place, data, text);
  problems.push(...missing.map(([key, message]) => source.problem(where(key ?? scriptKey), message)));
  const rules = eventRules(place.dialect, place.event);
  const matches = attempt('matcher', () => compileMatcher(place.dialect, data.matcher ?? undefined, rules.matcher));
  const condition = attempt('if', () => (data.if === undefined ? undefined : compileCondition(data.if)));
  if (problems.length > 0 || script === undefined || matches === undefined) return { problems };
  const hook: Hook = {
    name: data.name ?? place.defaultName,
    event: place.event,
    tier: data.tier ?? place.tier,
    script,
    matcher: data.matcher ?? undefined,
    matches,
    timeoutMs: timeoutOf(place, data),
    ...failModesOf(place, data.failMode),
    strictOutput: data.strictOutput,
    quiet: data.quiet,
    condition,
    sources: data.sources,
    activation: data.activation ?? place.activation ?? 'always',
  };
  return { loaded: { hook, scriptProblem: (message) => source.problem(where(scriptKey), message) }, problems: [] };
}

function timeoutOf({ dialect, event }: Pick<EntryPlace, 'dialect' | 'event'>, { timeout }: Pick<HookEntry, 'timeout'>): number {
  if (timeout !== undefined) return Math.round(timeout * 1000);
  return eventRules(dialect, event).defaultTimeoutMs ?? dialect.defaultTimeoutMs;
}

/** What the author wrote down; else what the dialect does at this event. */
export function failModesOf(
  { dialect, event }: { readonly dialect: Dialect; readonly event: string },
  written: FailMode | undefined,
): Pick<Hook, 'failMode' | 'failModeIsDefault'> {
  if (written !== undefined) return { failMode: written };
  return { failMode: eventRules(dialect, event).defaultFailMode ?? dialect.defaultFailMode, failModeIsDefault: true };
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

/** null for a prompt hook. An inline command is bash, whatever it begins with. */
function toScript({ maxScriptBytes }: Dialect, data: HookEntry): Script | null {
  if (isPromptHook(data)) return null;
  if (data.script !== undefined) return parseScript(data.script, maxScriptBytes);
  if (data.command === undefined) return null;
  return { ...parseScript(data.command.replace(/^\uFEFF?#![^\n]*(\n|$)/, ''), maxScriptBytes), runtime: 'bash' };
}

function withFiles({ dialect, project }: EntryPlace, data: HookEntry, text: Script | null | undefined) {
  return text ? inProject(text, data, { dialect: dialect.name, files: project }) : { script: text, problems: [] };
}

/** Takes them out, so that what else is wrong shows too. */
function takeUnknownKeys({ source }: EntryPlace, entry: Record<string, unknown>, where: Where): Problem[] {
  const unknown = Object.keys(entry).filter((key) => !Object.hasOwn(hookEntrySchema.shape, key));
  const known = Object.keys(hookEntrySchema.shape).join(', ');
  return unknown.map((key) => {
    delete entry[key];
    return source.problem(where(key), `Unknown key "${where(key).at(-1)}". Known: ${known}.`, 'key');
  });
}

function issueProblem(source: SourceDocument, issue: z.core.$ZodIssue, where: Where): Problem {
  const [first, ...inner] = issue.path.map(String);
  const path = [...where(String(first)), ...inner];
  return source.problem(path, `${[where(String(first)).at(-1), ...inner].join('.')}: ${issue.message}.`);
}

/** Azure's default type is prompt; a script or a command without a type can only mean command. */
function isPromptHook(data: HookEntry): boolean {
  return data.type === 'prompt' || (data.type === undefined && data.prompt !== undefined);
}

type KeyProblem = readonly [key: string, message: string];

function bodyProblems(data: HookEntry): KeyProblem[] {
  const texts = [data.command, data.script].filter((text) => text !== undefined).length;
  if (isPromptHook(data)) {
    if (texts > 0) return [['type', 'A prompt hook takes no script; write type: command.']];
    return data.prompt === undefined ? [['type', 'A prompt hook needs a prompt.']] : [];
  }
  if (texts === 2) return [['command', 'command and script exclude each other: keep one.']];
  return texts === 0 ? [['type', 'A command hook needs a script or a command.']] : [];
}

function settingProblems({ dialect, event, tier }: EntryPlace, data: HookEntry): KeyProblem[] {
  const rules = eventRules(dialect, event);
  const problems: KeyProblem[] = [];
  const timeoutMs = timeoutOf({ dialect, event }, data);
  if (!(timeoutMs >= dialect.minTimeoutMs && timeoutMs <= dialect.maxTimeoutMs)) {
    const range = `${dialect.minTimeoutMs / 1000} to ${dialect.maxTimeoutMs / 1000} seconds`;
    problems.push(['timeout', `timeout is ${data.timeout} s; it must be ${range}.`]);
  }
  if (rules.usesMatcher && data.matcher === undefined && dialect.matcher.emptyMatches === 'nothing') {
    problems.push(['matcher', `A ${event} hook needs a matcher, or it would never run. Write matcher: "*" for every tool.`]);
  }
  if (data.sources !== undefined && !rules.usesSources) problems.push(['sources', 'sources is only for Start hooks.']);
  if (data.if !== undefined && (!rules.usesMatcher || rules.matchOn !== undefined)) {
    problems.push(['if', 'if is only for events of tools.']);
  }
  if (data.name?.startsWith('system__') && (data.tier ?? tier) !== 'system') {
    problems.push(['name', 'Names that begin with system__ are reserved for hooks of the system tier.']);
  }
  return problems;
}
