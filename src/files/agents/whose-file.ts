/**
 * Finds the format of a file by the dialect that the caller names, else by its content and place.
 */
import type { Facts } from '../../agents/file-facts.ts';
import { type AgentFile, fileFormats, findDialect } from '../../agents/registry.ts';
import { foldName } from '../../protocol/dialect-lookup.ts';
import { hookEntrySchema } from '../hook-schema.ts';
import { ourName } from '../keys.ts';
import { eventsOf, type Recognised, recognise } from './recognise.ts';
import { type FileSurroundings, unknownSurroundings } from './surroundings.ts';

const withLayout = (layout: AgentFile['layout']) =>
  fileFormats.filter((format) => format.layout === layout);
const grouped = withLayout('groups');
const flat = withLayout('hooks');
const flatWithGroups = flat.filter(({ takesGroups }) => takesGroups === true);
const perAgent = withLayout('agents');
const bare = fileFormats.filter(({ hasBareEvents }) => hasBareEvents === true);
const schemaKeys = Object.keys(hookEntrySchema.shape);

export const tomlFormats = fileFormats.filter(({ isToml }) => isToml === true);
export const scriptFormats = withLayout('script');

/** Keys that people write for themselves, in files of every agent. They tell nothing. */
const annotations: ReadonlySet<string> = new Set([
  'id',
  'name',
  'description',
  'comment',
  'enabled',
]);

/** Keys of hookpool that are plain words: other agents' users have such keys too. */
const plainWords: ReadonlySet<string> = new Set([
  ...['payload', 'verdict', 'status', 'sign', 'retries'],
]);

/** Keys of hooks that only hookpool's own files have. */
const ownKeys: ReadonlySet<string> = new Set(schemaKeys.filter((key) => !isKnownToOthers(key)));

function isKnownToOthers(key: string): boolean {
  const isIn = ({ hookKeys, groupKeys }: AgentFile) =>
    Object.hasOwn(hookKeys, key) || Object.hasOwn(groupKeys, key);
  return annotations.has(key) || plainWords.has(key) || fileFormats.some(isIn);
}

/** Whether the key is one of hookpool's own files only, which no agent understands. */
export function isOwnKey(key: string): boolean {
  return ownKeys.has(ourName(key));
}

/** Whether a file lies where an agent system looks for its files. */
export function isInFolder({ isFolderOf }: FileSurroundings): boolean {
  return fileFormats.some(isFolderOf);
}

export function isNamed({ dialects }: AgentFile, dialect: string | undefined): boolean {
  return dialect !== undefined && dialects.includes(dialect);
}

/** The format of `hooks: {Event: [group, ...]}`. */
export function whoseGroups(
  facts: Facts,
  dialect: string | undefined,
  surroundings: FileSurroundings,
): Recognised | undefined {
  const named = [...grouped, ...flatWithGroups].find((format) => isNamed(format, dialect));
  if (named !== undefined) return { format: named };
  const tells = (key: string) => !annotations.has(key);
  const words = {
    ...facts,
    groupKeys: facts.groupKeys.filter(tells),
    hookKeys: facts.hookKeys.filter(tells),
  };
  const here = flatWithGroups.filter(surroundings.isFolderOf);
  return recognise([...grouped, ...here], facts, surroundings, words);
}

/**
 * The format of `hooks: {Event: [hook, ...]}`. Returns undefined, which means hookpool's own shape,
 * unless the caller, the file's folder or a word that azure does not know names another system:
 * hooks of any dialect may be in that shape.
 */
export function whoseFlat(
  facts: Facts,
  dialect: string | undefined,
  surroundings: FileSurroundings,
): Recognised | undefined {
  const { hookKeys } = facts;
  const named = flat.find((format) => isNamed(format, dialect));
  if (named !== undefined)
    return fits(named, hookKeys) || !hookKeys.every(isOurs) ? { format: named } : undefined;
  const isHere = flat.some(surroundings.isFolderOf);
  if (hookKeys.some(isOwnKey) && !isHere) return undefined;
  // A system whose hooks stand in groups reads the file, and tells what is wrong with it.
  const misread = isHere ? undefined : grouped.find(surroundings.isFolderOf);
  if (misread !== undefined && dialect === undefined) return { format: misread };
  const ours = new Set(Object.keys(findDialect('azure').events).map(foldName));
  const words = {
    ...facts,
    events: facts.events.filter((event) => !ours.has(foldName(event))),
    hookKeys: hookKeys.filter((key) => !schemaKeys.includes(key)),
  };
  return recognise(flat, facts, surroundings, words);
}

function fits(format: AgentFile, keys: readonly string[]): boolean {
  return keys.every((key) => Object.hasOwn(format.hookKeys, key) || annotations.has(key));
}

function isOurs(key: string): boolean {
  return schemaKeys.includes(ourName(key));
}

/** The format of `agents: {NAME: {hooks: {...}}}`. */
export function whoseAgent(facts: Facts, dialect: string | undefined): Recognised | undefined {
  const named = perAgent.find((format) => isNamed(format, dialect));
  return named === undefined ? recognise(perAgent, facts, unknownSurroundings) : { format: named };
}

/**
 * The format of a file whose top level maps events to lists; undefined: it does not, or another
 * system reads it.
 */
export function whoseBareEvents(
  keys: readonly string[],
  { isFolderOf, isPluginOf }: FileSurroundings,
): AgentFile | undefined {
  const others = fileFormats.filter(({ hasBareEvents }) => hasBareEvents !== true);
  if (keys.length === 0 || others.some((one) => isFolderOf(one) || isPluginOf(one)))
    return undefined;
  return bare.find((format) => keys.every((key) => eventsOf(format).includes(key)));
}
