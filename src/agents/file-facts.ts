/** The facts about a hooks mapping that identify the agent system it belongs to. */
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

export interface Facts {
  readonly rootKeys: readonly string[];
  /** `$schema` of the file. */
  readonly schema: string;
  readonly events: readonly string[];
  /** Keys beside `hooks` in groups. */
  readonly groupKeys: readonly string[];
  readonly hookKeys: readonly string[];
  /** Whether an item of an event's list has a `hooks` list of its own. */
  readonly hasGroups: boolean;
  /** Names of the variables in its commands. */
  readonly variables: readonly string[];
}

export function factsOf(root: JsonObject, events: JsonObject): Facts {
  const items = Object.values(events).flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : [],
  );
  const isGroup = (item: JsonObject) => Array.isArray(item['hooks']);
  const groups = items.filter(isGroup);
  const flat = items.filter((item) => !isGroup(item));
  const inGroups = groups.flatMap((group) => (group['hooks'] as unknown[]).filter(isJsonObject));
  return {
    rootKeys: Object.keys(root),
    schema: String(root['$schema'] ?? ''),
    events: Object.keys(events),
    groupKeys: keysOf(groups).filter((key) => key !== 'hooks'),
    hookKeys: keysOf([...flat, ...inGroups]),
    hasGroups: groups.length > 0,
    variables: variablesIn([...flat, ...inGroups]),
  };
}

function keysOf(mappings: readonly JsonObject[]): string[] {
  return [...new Set(mappings.flatMap((mapping) => Object.keys(mapping)))];
}

function variablesIn(hooks: readonly JsonObject[]): string[] {
  const commands = hooks.flatMap((hook) =>
    ['command', 'bash'].map((key) => hook[key]).filter((line) => typeof line === 'string'),
  );
  const found = commands.flatMap((line) => [...line.matchAll(/\$\{?([A-Za-z_]\w*)/g)]);
  return [...new Set(found.map(([, name]) => String(name)))];
}
