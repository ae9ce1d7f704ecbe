/**
 * Reads the hooks of a document that is another agent system's own file. Any other document gives
 * undefined, or a problem if it is TOML.
 */
import { factsOf } from '../../agents/file-facts.ts';
import { type AgentFile, findDialect } from '../../agents/registry.ts';
import type { FailMode } from '../../protocol/dialect.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../../protocol/json.ts';
import type { ProfileContents } from '../../protocol/profile.ts';
import { type DocumentPlace, type DocumentResult, refuse, withHooks } from '../hook-set.ts';
import type { Path } from '../source-document.ts';
import { Collected, readAgentHooks } from './read-agent-hooks.ts';
import { type FileSurroundings, surroundingsOf } from './surroundings.ts';
import {
  isInFolder,
  isNamed,
  tomlFormats,
  whoseAgent,
  whoseBareEvents,
  whoseFlat,
  whoseGroups,
} from './whose-file.ts';

/** Facts about a file that the caller supplies. A `dialect` key of the file takes precedence. */
export interface FileHint {
  /**
   * Dialect of the agent system whose file it is; for a file in hookpool's own shape without
   * `dialect`, the dialect of its hooks. Must exist.
   */
  readonly dialect?: string | undefined;
  /** The configured agent whose hooks are read, where a file holds several agents. */
  readonly agent?: string | undefined;
  /**
   * Path of the file, whose folder may tell whose it is. Default: the name of the file for
   * messages.
   */
  readonly path?: string | undefined;
  /** The failMode of hooks whose file says none. It counts as set by their author. */
  readonly failMode?: FailMode | undefined;
  /** The profiles that hooks can run in; undefined: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
}

interface FilePlace extends DocumentPlace {
  readonly root: JsonObject;
  readonly hint: FileHint;
}

/** @returns undefined when the document is none of these files. */
export function readAgentFile(place: FilePlace, isToml: boolean): DocumentResult | undefined {
  const { root, file, hint, project } = place;
  const { hooks, agents } = root;
  if (isToml) {
    const [read] = isJsonObject(hooks)
      ? tomlFormats.map((format) => readEvents(place, format, ['hooks'], hooks))
      : [];
    return read ?? noHooks(place);
  }
  if ('dialect' in root) return undefined;
  if (isKiroHook(root)) return refuse(place.source, [], kiroHook);
  const surroundings = surroundingsOf(hint.path ?? file, project);
  if (isJsonObject(hooks)) return readHooksKey(place, hooks, surroundings);
  if (isJsonObject(agents)) return readAgents(place, agents);
  const whose = whoseBareEvents(Object.keys(root), surroundings);
  if (whose !== undefined) return readEvents(place, whose, [], root);
  return !('hooks' in root) && isInFolder(surroundings) ? noHooks(place) : undefined;
}

const kiroHook =
  'This is a hook of the Kiro IDE, which is not read. Write its command into the hooks of an agent in .kiro/agents.';

/** A .kiro.hook file, or a list of triggers with their actions. */
function isKiroHook({ when, then, hooks }: JsonObject): boolean {
  if (isJsonObject(when) && isJsonObject(then)) return true;
  const [first] = Array.isArray(hooks) ? hooks : [];
  return isJsonObject(first) && (isJsonObject(first['action']) || isJsonObject(first['then']));
}

function readHooksKey(
  place: FilePlace,
  hooks: JsonObject,
  surroundings: FileSurroundings,
): DocumentResult | undefined {
  const facts = factsOf(place.root, hooks);
  const whose = facts.hasGroups ? whoseGroups : whoseFlat;
  const found = whose(facts, place.hint.dialect, surroundings);
  if (found === undefined) return undefined;
  if (found.format === undefined) return refuse(place.source, ['hooks'], found.problem);
  return readEvents(place, found.format, ['hooks'], hooks);
}

/**
 * Reads `agents: {NAME: {hooks: {...}}}`. Exactly one agent is chosen, because a decision concerns
 * one agent.
 */
function readAgents(place: FilePlace, agents: JsonObject): DocumentResult {
  const { source, hint } = place;
  const withEvents = Object.entries(agents).flatMap(([name, agent]) => {
    const events = ownProperty(agent, 'hooks');
    return isJsonObject(events) ? [{ name, events }] : [];
  });
  const chosen =
    hint.agent === undefined ? withEvents : withEvents.filter(({ name }) => name === hint.agent);
  const [first, second] = chosen;
  const names = withEvents.map(({ name }) => name).join(', ');
  if (withEvents.length === 0) return noHooks(place);
  if (first === undefined)
    return refuse(source, ['agents'], `No agent "${hint.agent}" with hooks. There are: ${names}.`);
  if (second !== undefined)
    return refuse(
      source,
      ['agents'],
      `Several agents have hooks: name one of ${names} (--agent; agent over HTTP and in a test file).`,
    );
  const path = ['agents', first.name, 'hooks'];
  const found = whoseAgent(factsOf({}, first.events), hint.dialect);
  if (found?.format === undefined) return refuse(source, path, String(found?.problem));
  return readEvents(place, found.format, path, first.events, first.name);
}

function noHooks({ source }: FilePlace): DocumentResult {
  return refuse(source, [], 'There are no hooks in this file.');
}

function readEvents(
  place: FilePlace,
  format: AgentFile,
  path: Path,
  events: JsonObject,
  agent?: string,
): DocumentResult {
  const { file, source, project, root, hint, failMode, profiles } = place;
  const facts = factsOf(root, events);
  const name = isNamed(format, hint.dialect) ? hint.dialect : format.choose?.(facts);
  const dialect = findDialect(name ?? format.dialects[0]);
  const beside = new Collected({ source, format, path: [] });
  const settings = Object.entries(root).filter(([key]) => Object.hasOwn(format.rootKeys, key));
  beside.take([], Object.fromEntries(settings), format.rootKeys);
  const disabled = format.disabled?.({ root, events }) ?? [];
  const at = { source, project, failMode, profiles, format, dialect, path, disabled };
  const read = readAgentHooks(at, events);
  const set = { file, format: format.format, dialect, agent };
  return withHooks(set, { ...read, problems: [...beside.problems, ...read.problems] });
}
