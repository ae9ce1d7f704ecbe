/**
 * The documents of Azure SRE Agent: ExtendedAgent v2 and GlobalHook, in the shapes that Microsoft's
 * documents and samples use (YAML resource, REST body, flat).
 */
import { findDialect } from '../agents/registry.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../protocol/json.ts';
import { shown } from '../protocol/shown.ts';
import { readEventName, readHookEntry } from './hook-entry.ts';
import { hookName } from './hook-schema.ts';
import { type DocumentPlace, type DocumentResult, readEventMap, withHooks } from './hook-set.ts';
import { foldKeys } from './keys.ts';
import type { EntryPlace } from './loaded-hook.ts';
import type { Path, Problem, SourceDocument } from './source-document.ts';

/**
 * `api_version: azuresre.ai/v2`, hooks under `spec.hooks` (or `properties.hooks` in a REST body).
 */
export function readExtendedAgent(
  { file, ...place }: DocumentPlace,
  root: JsonObject,
): DocumentResult {
  const { source } = place;
  const problems = [...apiVersionProblems(source, root), ...bodyProblems(source, root)];
  const bodyKey = 'spec' in root ? 'spec' : 'properties';
  const body = root[bodyKey];
  if (!isJsonObject(body))
    problems.push(source.problem([bodyKey], 'An ExtendedAgent needs a spec.'));
  if (problems.length > 0 || !isJsonObject(body)) return { problems };
  const agent = nameOf(root);
  const dialect = findDialect('azure');
  const set = {
    file,
    format: 'azure-extended-agent',
    dialect,
    agent: typeof agent === 'string' ? agent : undefined,
  } as const;
  const hooks = body['hooks'] ?? {};
  return withHooks(
    set,
    readEventMap({ ...place, dialect, path: [bodyKey, 'hooks'], tier: 'agent' }, hooks),
  );
}

const globalRootKeys = [
  'apiVersion',
  'api_version',
  'kind',
  'type',
  'metadata',
  'name',
  'spec',
  'properties',
  'id',
];
const globalHookKeys = [
  'eventType',
  'activation',
  'hook',
  'enabled',
  'description',
  'name',
  'apiVersion',
  'kind',
  'type',
  'metadata',
];
/**
 * Keys of published samples whose meaning is not documented. They are refused, because ignoring
 * them would change what the file means.
 */
const unsupportedKeys: Readonly<Record<string, string>> = {
  permissionDecision: 'A static permissionDecision is not supported: print it from the script.',
};

/** Reads event, activation and hook from `properties` or `spec`, or from the top level. */
export function readGlobalHook(
  { file, source, project, failMode, profiles }: DocumentPlace,
  root: JsonObject,
): DocumentResult {
  const bodyKey = ['properties', 'spec'].find((key) => isJsonObject(root[key]));
  const beside =
    bodyKey === undefined ? [] : Object.keys(root).filter((key) => !globalRootKeys.includes(key));
  const path: Path = bodyKey === undefined ? [] : [bodyKey];
  const {
    entry,
    written,
    problems: doubled,
  } = foldKeys(source, path, (bodyKey === undefined ? root : root[bodyKey]) as JsonObject);
  const at = (key: string) => [...path, written(key)];
  const told = (message: string | undefined, place: Path) =>
    message === undefined ? [] : [source.problem(place, message)];
  const dialect = findDialect('azure');
  const { event, problems: eventProblems } = readEventName(
    source,
    at('eventType'),
    dialect,
    entry['eventType'],
  );
  const unknown = Object.keys(entry).filter((key) => !globalHookKeys.includes(key));
  const activation = entry['activation'] ?? 'always';
  const { enabled = true } = entry;
  const name = nameOf(root) ?? 'global-hook';
  const namePath =
    ownProperty(root['metadata'], 'name') === undefined ? ['name'] : ['metadata', 'name'];
  const problems = [
    ...apiVersionProblems(source, root),
    ...bodyProblems(source, root),
    ...beside.map((key) => source.problem([key], unknownKey(key, key), 'key')),
    ...doubled,
    ...eventProblems,
    ...unknown.map((key) => source.problem(at(key), unknownKey(key, written(key)), 'key')),
    ...told(activationProblem(activation), at('activation')),
    ...told(enabledProblem(enabled), at('enabled')),
    ...told(nameProblem(name), namePath),
  ];
  if (event === undefined || problems.length > 0) return { problems };
  const place: EntryPlace = {
    source,
    dialect,
    event,
    path: at('hook'),
    defaultName: String(name),
    tier: 'global',
    project,
    profiles,
    failMode,
    activation: activation === 'on-demand' ? 'on-demand' : 'always',
  };
  const { loaded, problems: hookProblems } = readHookEntry(place, entry['hook']);
  const set = { file, format: 'azure-global-hook', dialect } as const;
  return withHooks(set, {
    hooks: loaded === undefined || enabled === false ? [] : [loaded],
    problems: hookProblems,
  });
}

function activationProblem(activation: unknown): string | undefined {
  return activation === 'always' || activation === 'on-demand'
    ? undefined
    : 'activationMode must be always or onDemand.';
}

function enabledProblem(enabled: unknown): string | undefined {
  return typeof enabled === 'boolean' ? undefined : 'enabled must be true or false.';
}

function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || !hookName.test(name))
    return 'The name of a GlobalHook must be 1 to 128 letters, digits, - or _.';
  return name.startsWith('system__')
    ? 'Names that begin with system__ are reserved for hooks of the system tier.'
    : undefined;
}

function unknownKey(key: string, written: string): string {
  const told = Object.hasOwn(unsupportedKeys, key) ? unsupportedKeys[key] : undefined;
  return (
    told ?? `Unknown key "${shown(written)}". Known: ${globalHookKeys.slice(0, 6).join(', ')}.`
  );
}

/** Refuses a document with both `spec` and `properties`, because one of them would be ignored. */
function bodyProblems(source: SourceDocument, root: JsonObject): Problem[] {
  return 'spec' in root && 'properties' in root
    ? [source.problem(['properties'], 'spec and properties exclude each other: keep one.', 'key')]
    : [];
}

function nameOf(root: JsonObject): unknown {
  return ownProperty(root['metadata'], 'name') ?? root['name'];
}

function apiVersionProblems(source: SourceDocument, root: JsonObject): Problem[] {
  const key = 'api_version' in root ? 'api_version' : 'apiVersion';
  const version = root[key];
  if (version === undefined || version === 'azuresre.ai/v2') return [];
  return [
    source.problem(
      [key],
      `api_version is ${typeof version === 'string' ? `"${shown(version)}"` : 'not a text'}; hooks are part of azuresre.ai/v2.`,
    ),
  ];
}
