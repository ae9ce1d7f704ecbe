/** What a file becomes when the line of the bridge is put in, and when it is taken out. */
import { InvalidInputError } from '../../errors.ts';
import { callsBridge } from '../../files/bridge-line.ts';
import { HookLists, valueIn } from '../../files/insertion/hook-lists.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../../protocol/json.ts';
import { type BridgeLine, bridgeLines } from './bridge-lines.ts';
import type { NamedAgent, Place } from './places.ts';
import { type FileRecord, hashOf } from './records.ts';

/** A command for each event that is wired. */
export type Commands = ReadonlyMap<string, string>;

export interface Wired {
  /** The text without the lines of the bridge; undefined: there was no file. */
  readonly base: string | undefined;
  readonly text: string;
  readonly chunks: readonly string[];
}

/** One file of an agent, as it is. */
export interface WiredFile {
  readonly agent: NamedAgent;
  readonly place: Place;
  /** The configured agent of a file that has several. */
  readonly name: string | undefined;
  /** undefined: there is no file. */
  readonly text: string | undefined;
  readonly record: FileRecord | undefined;
}

/** The lines of the bridge that the file has. @throws InvalidInputError for a malformed file. */
export function linesIn(file: WiredFile): BridgeLine[] {
  const { text = '', place } = file;
  if (place.syntax === 'script') {
    const event = place.file.slice(place.file.lastIndexOf('/') + 1);
    return callsBridge(text) ? [{ event, command: commandIn(text), path: [] }] : [];
  }
  const root = listsOf(file).read(text);
  const path = eventsPath(file, root);
  const paths = path === undefined ? agentsOf(root).map(hooksOfAgent) : [path];
  return paths.flatMap((one) => bridgeLines(valueIn(root, one), one));
}

function commandIn(script: string): string {
  return (
    script
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^exec /, '') ?? ''
  );
}

/**
 * The text with these lines of the bridge, and no others.
 * @throws InvalidInputError `INVALID_CONFIG` where the file cannot be edited; nothing was changed.
 */
export function wired(file: WiredFile, commands: Commands): Wired {
  const { format } = file.agent;
  const base = unwired(file);
  if (file.place.syntax === 'script') return wiredScript(file, base, commands);
  const lists = listsOf(file);
  const root = lists.read(base ?? '');
  const path = eventsPath(file, root);
  if (path === undefined) throw refused(file, agentNeeded(file, root));
  const items = [...commands].map(([event, command]) => ({
    path: [...path, event],
    item: format.bridge.item(command, event),
  }));
  return { base, ...lists.add(base ?? '', format.bridge.head ?? {}, items) };
}

function wiredScript(file: WiredFile, base: string | undefined, commands: Commands): Wired {
  if (base !== undefined) {
    const text = `${file.place.file} is a hook of yours, and ${file.agent.format.about} starts one file for each event: keep its bundle (hookpool bundle ${file.place.file}), remove it, and install again.`;
    throw refused(file, text);
  }
  const [[event = '', command = ''] = []] = commands;
  const text = String(file.agent.format.bridge.item(command, event)['script']);
  return { base, text, chunks: [text] };
}

/**
 * The text without the lines of the bridge: the copy where nothing else was changed since, else
 * without what was added.
 * @returns undefined: without them there was no file.
 * @throws InvalidInputError `INVALID_CONFIG` where only the file's author can take them out.
 */
export function unwired(file: WiredFile): string | undefined {
  const { text, record, place } = file;
  if (text === undefined) return undefined;
  if (record !== undefined && record.sha256 === hashOf(text)) return record.before;
  const lines = linesIn(file);
  if (lines.length === 0) return text;
  if (place.syntax === 'script') return undefined;
  const left =
    withoutChunks(text, record?.chunks ?? []) ??
    listsOf(file).remove(text, pathsOf(lines), stays(file));
  if (left === undefined) {
    const at = lines.map(({ path }) => listsOf(file).lineOf(text, path)).join(', ');
    const why = `the line of the bridge stands in line ${at}, and the file was changed since, or on another machine: take it out by hand.`;
    throw refused(file, why);
  }
  const isNothing = left.trim() === '' || isSkeleton(file, left);
  return record?.existed === false && isNothing ? undefined : left;
}

function pathsOf(lines: readonly BridgeLine[]) {
  return lines.map(({ path }) => path);
}

/** Empty lists and mappings that the file had before stay. */
function stays({ record, ...file }: WiredFile): (path: readonly (string | number)[]) => boolean {
  if (record?.before === undefined) return () => false;
  const before = listsOf(file).read(record.before);
  return (path) => valueIn(before, path) !== undefined;
}

function isSkeleton(file: WiredFile, text: string): boolean {
  const keys = Object.keys(listsOf(file).read(text));
  return keys.every((key) => Object.hasOwn(file.agent.format.bridge.head ?? {}, key));
}

/** Each text stands there exactly once, or none is taken out. */
function withoutChunks(text: string, chunks: readonly string[]): string | undefined {
  let now = text;
  for (const chunk of chunks.toReversed()) {
    const at = now.indexOf(chunk);
    if (at === -1 || now.indexOf(chunk, at + 1) !== -1) return undefined;
    now = now.slice(0, at) + now.slice(at + chunk.length);
  }
  return chunks.length === 0 ? undefined : now;
}

export function listsOf({ place }: Pick<WiredFile, 'place'>): HookLists {
  return new HookLists(place.file, place.syntax === 'script' ? 'json' : place.syntax);
}

/** The path of the mapping of events; undefined: it is not known of which agent. */
function eventsPath(
  { agent: { format }, name, place }: WiredFile,
  root: JsonObject,
): readonly string[] | undefined {
  if (place.within !== undefined) return place.within;
  if (format.layout === 'agents') {
    const names = agentsOf(root);
    const chosen = name ?? (names.length === 1 ? names[0] : undefined);
    return chosen !== undefined && names.includes(chosen) ? hooksOfAgent(chosen) : undefined;
  }
  const isBare =
    format.hasBareEvents === true && !('hooks' in root) && Object.keys(root).length > 0;
  return isBare ? [] : ['hooks'];
}

function hooksOfAgent(name: string): readonly string[] {
  return ['agents', name, 'hooks'];
}

function agentsOf(root: JsonObject): string[] {
  const agents = ownProperty(root, 'agents');
  return isJsonObject(agents) ? Object.keys(agents) : [];
}

function agentNeeded({ name }: WiredFile, root: JsonObject): string {
  const names = agentsOf(root);
  if (names.length === 0) return 'the file has no "agents": it is no file of this agent.';
  const known = names.join(', ');
  return name === undefined
    ? `the file has several agents: name one with --agent (${known}).`
    : `the file has no agent "${name}"; there are ${known}.`;
}

function refused({ place }: WiredFile, why: string): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', `${place.file}: ${why} Nothing was changed.`);
}
