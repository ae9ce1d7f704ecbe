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
  };
}

function keysOf(mappings: readonly JsonObject[]): string[] {
  return [...new Set(mappings.flatMap((mapping) => Object.keys(mapping)))];
}
