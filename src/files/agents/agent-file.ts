/**
 * Reads the hooks of a document that is another agent system's own file. Any other document gives
 * undefined, or a problem if it is TOML.
 */
import { type Facts, factsOf } from '../../agents/file-facts.ts';
import { type AgentFile, fileFormats, findDialect } from '../../agents/registry.ts';
import type { FailMode } from '../../protocol/dialect.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../../protocol/json.ts';
import { hookEntrySchema } from '../hook-schema.ts';
import { type DocumentPlace, type DocumentResult, refuse, withHooks } from '../hook-set.ts';
import type { Path } from '../source-document.ts';
import { Collected, readAgentHooks } from './read-agent-hooks.ts';
import { eventsOf, type Recognised, recognise } from './recognise.ts';

/** Facts about a file that the caller supplies. A `dialect` key of the file takes precedence. */
export interface FileHint {
  /**
   * Dialect of the agent system whose file it is; for a file in hookpool's own shape without
   * `dialect`, the dialect of its hooks. Must exist.
   */
  readonly dialect?: string | undefined;
  /** The configured agent whose hooks are read, where a file holds several agents. */
  readonly agent?: string | undefined;
  /** The failMode of hooks whose file says none. It counts as set by their author. */
  readonly failMode?: FailMode | undefined;
}

interface FilePlace extends DocumentPlace {
  readonly root: JsonObject;
  readonly hint: FileHint;
}

const withLayout = (layout: AgentFile['layout']) =>
  fileFormats.filter((format) => format.layout === layout);
const grouped = withLayout('groups');
const flat = withLayout('hooks');
const perAgent = withLayout('agents');
const inToml = fileFormats.filter(({ isToml }) => isToml === true);
const bare = fileFormats.filter(({ hasBareEvents }) => hasBareEvents === true);

/** @returns undefined when the document is none of these files. */
export function readAgentFile(place: FilePlace, isToml: boolean): DocumentResult | undefined {
  const { root } = place;
  const { hooks, agents } = root;
  if (isToml) {
    const [read] = isJsonObject(hooks)
      ? inToml.map((format) => readEvents(place, format, ['hooks'], hooks))
      : [];
    return read ?? noHooks(place);
  }
  if ('dialect' in root) return undefined;
  if (isJsonObject(hooks)) return readHooksKey(place, hooks);
  if (isJsonObject(agents)) return readAgents(place, agents);
  const keys = Object.keys(root);
  const whose = bare.find(
    (format) => keys.length > 0 && keys.every((key) => eventsOf(format).includes(key)),
  );
  return whose && readEvents(place, whose, [], root);
}

function readHooksKey(place: FilePlace, hooks: JsonObject): DocumentResult | undefined {
  const facts = factsOf(place.root, hooks);
  const found = facts.hasGroups ? whoseGroups(facts, place.hint) : whoseFlat(facts, place.hint);
  if (found === undefined) return undefined;
  if (found.format === undefined) return refuse(place.source, ['hooks'], found.problem);
  return readEvents(place, found.format, ['hooks'], hooks);
}

function whoseGroups(facts: Facts, { dialect }: FileHint): Recognised | undefined {
  const named = grouped.find((format) => isNamed(format, dialect));
  if (named !== undefined) return { format: named };
  return recognise(grouped, facts);
}

/**
 * Returns undefined, which means hookpool's own shape, unless the hint or something other than an
 * event name identifies another system: hooks of any dialect may be in that shape.
 */
function whoseFlat(facts: Facts, { dialect }: FileHint): Recognised | undefined {
  const named = flat.find(
    (format) =>
      isNamed(format, dialect) &&
      facts.hookKeys.every((key) => Object.hasOwn(format.hookKeys, key)),
  );
  if (named !== undefined) return { format: named };
  const hookKeys = facts.hookKeys.filter((key) => !Object.hasOwn(hookEntrySchema.shape, key));
  return recognise(flat, { ...facts, events: [], hookKeys });
}

function isNamed({ dialects }: AgentFile, dialect: string | undefined): boolean {
  return dialect !== undefined && dialects.includes(dialect);
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
  const facts = factsOf({}, first.events);
  const named = perAgent.find((format) => isNamed(format, hint.dialect));
  const found = named === undefined ? recognise(perAgent, facts) : { format: named };
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
  const { file, source, project, root, hint, failMode } = place;
  const facts = factsOf(root, events);
  const name = isNamed(format, hint.dialect) ? hint.dialect : format.choose?.(facts);
  const dialect = findDialect(name ?? format.dialects[0]);
  const beside = new Collected(source, []);
  const settings = Object.entries(root).filter(([key]) => Object.hasOwn(format.rootKeys, key));
  beside.take([], Object.fromEntries(settings), format.rootKeys);
  const at = { source, project, failMode, format, dialect, path };
  const read = readAgentHooks(at, events);
  const set = { file, format: format.format, dialect, agent };
  return withHooks(set, { ...read, problems: [...beside.problems, ...read.problems] });
}
