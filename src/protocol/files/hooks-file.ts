/**
 * Hook files: our own, an ExtendedAgent v2 document, a GlobalHook document. A file is taken whole or
 * refused whole, with every problem listed: a guard is never silently dropped.
 */
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';
import type { Dialect, Tier } from '../dialect.ts';
import { findDialect } from '../dialects/registry.ts';
import type { Hook } from '../hook.ts';
import { isJsonObject, ownProperty } from '../json.ts';
import { type Path, type Problem, SourceDocument } from './document.ts';
import { type EntryPlace, foldKeys, hookEntrySchema, type LoadedHook, readEventName, readHookEntry } from './hook-entry.ts';

/** The shape of our own hooks file. */
export const hooksFileSchema = z.strictObject({
  dialect: z.string().optional().meta({ description: 'Protocol of the agent that the hooks were written for. Default azure.' }),
  description: z.string().optional(),
  hooks: z
    .record(z.string(), z.array(hookEntrySchema))
    .meta({ description: 'Event name -> hooks, in the order in which they run.' }),
});

export const hookFileFormats = ['hookpool', 'azure-extended-agent', 'azure-global-hook'] as const;
export type HookFileFormat = (typeof hookFileFormats)[number];

/** What a file holds once it was accepted. */
export interface HookSet {
  readonly file: string;
  readonly format: HookFileFormat;
  readonly dialect: Dialect;
  /** The agent that the file is for, where it names one. */
  readonly agent?: string | undefined;
  readonly hooks: readonly LoadedHook[];
}

/** The hooks of several files, tier by tier, in the order of the files inside a tier. */
export function orderHooks(dialect: Dialect, hooks: readonly Hook[]): Hook[] {
  return dialect.tierOrder.flatMap((tier) => hooks.filter((hook) => hook.tier === tier));
}

/** `file:line:column: message` lines. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');
}

/** A file was refused; carries every problem that was found. Code `INVALID_HOOKS`. */
export class InvalidHooksError extends InvalidInputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('INVALID_HOOKS', formatProblems(problems));
    this.problems = problems;
  }
}

/**
 * Reads a hooks file of any known format.
 * @param file name for messages.
 * @throws InvalidHooksError with every problem: place, what is wrong, how to mend it.
 */
export function parseHooksFile(file: string, text: string): HookSet {
  const { documents, problems } = SourceDocument.parse(file, text);
  if (problems.length > 0) throw new InvalidHooksError(problems);
  const sets = documents.map((source) => readDocument(file, source));
  const found = sets.flatMap((set) => set.problems);
  if (found.length > 0) throw new InvalidHooksError(found);
  const [first] = sets;
  if (first?.set === undefined) throw new InvalidHooksError([{ file, line: 1, column: 1, message: 'The file is empty.' }]);
  const hooks = sets.flatMap((one) => one.set?.hooks ?? []);
  const doubled = duplicateNames(hooks);
  if (doubled.length > 0) throw new InvalidHooksError(doubled);
  return { ...first.set, hooks };
}

interface DocumentResult {
  readonly set?: HookSet;
  readonly problems: Problem[];
}

function readDocument(file: string, source: SourceDocument): DocumentResult {
  const root = source.value;
  if (!isJsonObject(root)) return refuse(source, [], 'A hooks file must be a mapping with a "hooks" key.');
  const kind = String(ownProperty(root, 'kind') ?? ownProperty(root, 'type') ?? '');
  if (/^extendedagent$/i.test(kind)) return readExtendedAgent(file, source, root);
  if (/^globalhook$/i.test(kind)) return readGlobalHook(file, source, root);
  if (kind !== '')
    return refuse(
      source,
      ['kind'],
      `Unknown kind "${kind}". Known: ExtendedAgent, GlobalHook, or a hookpool file with a "hooks" key.`,
    );
  return readOwnFile(file, source, root);
}

function readOwnFile(file: string, source: SourceDocument, root: { readonly [key: string]: unknown }): DocumentResult {
  const known = Object.keys(hooksFileSchema.shape);
  const problems = Object.keys(root)
    .filter((key) => !known.includes(key))
    .map((key) => source.problem([key], `Unknown key "${key}". Known: ${known.join(', ')}.`, 'key'));
  const name = ownProperty(root, 'dialect') ?? 'azure';
  const dialect = knownDialect(name);
  if (dialect === undefined) problems.push(source.problem(['dialect'], `There is no dialect ${JSON.stringify(name)}.`));
  if (problems.length > 0 || dialect === undefined) return { problems };
  return withHooks(
    { file, format: 'hookpool', dialect },
    readEventMap({ source, dialect, path: ['hooks'], tier: 'agent' }, root['hooks']),
  );
}

/** `api_version: azuresre.ai/v2`, hooks under `spec.hooks` (or `properties.hooks` in a REST body). */
function readExtendedAgent(file: string, source: SourceDocument, root: { readonly [key: string]: unknown }): DocumentResult {
  const problems = apiVersionProblems(source, root);
  const bodyKey = 'spec' in root ? 'spec' : 'properties';
  const body = root[bodyKey];
  if (!isJsonObject(body)) problems.push(source.problem([bodyKey], 'An ExtendedAgent needs a spec.'));
  if (problems.length > 0 || !isJsonObject(body)) return { problems };
  const agent = ownProperty(ownProperty(root, 'metadata'), 'name') ?? ownProperty(root, 'name');
  const dialect = findDialect('azure');
  const set = { file, format: 'azure-extended-agent' as const, dialect, agent: typeof agent === 'string' ? agent : undefined };
  if (body['hooks'] === undefined || body['hooks'] === null) return withHooks(set, { hooks: [], problems: [] });
  return withHooks(set, readEventMap({ source, dialect, path: [bodyKey, 'hooks'], tier: 'agent' }, body['hooks']));
}

/** Event, activation and hook under `properties` or `spec`, or beside each other at the top. */
function readGlobalHook(file: string, source: SourceDocument, root: { readonly [key: string]: unknown }): DocumentResult {
  const problems = apiVersionProblems(source, root);
  const bodyKey = ['properties', 'spec'].find((key) => isJsonObject(root[key]));
  const path: Path = bodyKey === undefined ? [] : [bodyKey];
  const body = bodyKey === undefined ? root : (root[bodyKey] as { readonly [key: string]: unknown });
  const { entry: fields, written } = foldKeys(body);
  const at = (key: string) => [...path, written.get(key) ?? key];
  const name = ownProperty(ownProperty(root, 'metadata'), 'name') ?? ownProperty(root, 'name') ?? 'global-hook';
  const dialect = findDialect('azure');
  const { event, problems: eventProblems } = readEventName(source, at('eventType'), dialect, fields['eventType']);
  problems.push(...eventProblems);
  const known = [
    'eventType',
    'activation',
    'hook',
    'description',
    'name',
    'enabled',
    'permissionDecision',
    'apiVersion',
    'kind',
    'type',
    'metadata',
  ];
  for (const key of Object.keys(fields).filter((one) => !known.includes(one))) {
    problems.push(source.problem(at(key), `Unknown key "${written.get(key)}". Known: ${known.slice(0, 5).join(', ')}.`, 'key'));
  }
  const activation = fields['activation'] ?? 'always';
  if (activation !== 'always' && activation !== 'on-demand')
    problems.push(source.problem(at('activation'), 'activationMode must be always or onDemand.'));
  if (event === undefined || problems.length > 0) return { problems };
  const place: EntryPlace = {
    source,
    dialect,
    event,
    path: at('hook'),
    defaultName: String(name),
    tier: 'global',
    activation: activation === 'on-demand' ? 'on-demand' : 'always',
  };
  const { loaded, problems: hookProblems } = readHookEntry(place, fields['hook']);
  return withHooks(
    { file, format: 'azure-global-hook', dialect },
    { hooks: loaded === undefined ? [] : [loaded], problems: hookProblems },
  );
}

interface MapPlace {
  readonly source: SourceDocument;
  readonly dialect: Dialect;
  readonly path: Path;
  readonly tier: Tier;
}

function readEventMap({ source, dialect, path, tier }: MapPlace, value: unknown): { hooks: LoadedHook[]; problems: Problem[] } {
  if (!isJsonObject(value))
    return { hooks: [], problems: [source.problem(path, '"hooks" must map event names to lists of hooks.')] };
  const hooks: LoadedHook[] = [];
  const problems: Problem[] = [];
  for (const [key, list] of Object.entries(value)) {
    const { event, problems: eventProblems } = readEventName(source, [...path, key], dialect, key);
    problems.push(...eventProblems);
    if (!Array.isArray(list)) problems.push(source.problem([...path, key], `The hooks of ${key} must be a list.`));
    if (event === undefined || !Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) {
      const place = { source, dialect, event, path: [...path, key, index], defaultName: `${event}[${index}]`, tier };
      const read = readHookEntry(place, item);
      problems.push(...read.problems);
      if (read.loaded !== undefined) hooks.push(read.loaded);
    }
  }
  return { hooks, problems };
}

function withHooks(set: Omit<HookSet, 'hooks'>, read: { hooks: LoadedHook[]; problems: Problem[] }): DocumentResult {
  return read.problems.length > 0 ? { problems: read.problems } : { set: { ...set, hooks: read.hooks }, problems: [] };
}

function apiVersionProblems(source: SourceDocument, root: { readonly [key: string]: unknown }): Problem[] {
  const key = 'api_version' in root ? 'api_version' : 'apiVersion';
  const version = root[key];
  if (version === undefined || version === 'azuresre.ai/v2') return [];
  return [source.problem([key], `api_version is ${JSON.stringify(version)}; hooks are part of azuresre.ai/v2.`)];
}

function duplicateNames(hooks: readonly LoadedHook[]): Problem[] {
  const seen = new Set<string>();
  return hooks.flatMap(({ hook, scriptProblem }) => {
    const key = `${hook.event} ${hook.name}`;
    const again = seen.has(key);
    seen.add(key);
    return again ? [scriptProblem(`Two ${hook.event} hooks are called "${hook.name}": rename one.`)] : [];
  });
}

function knownDialect(name: unknown): Dialect | undefined {
  try {
    return findDialect(String(name));
  } catch {
    return undefined;
  }
}

function refuse(source: SourceDocument, path: Path, message: string): DocumentResult {
  return { problems: [source.problem(path, message)] };
}
