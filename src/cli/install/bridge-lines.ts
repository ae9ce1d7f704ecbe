/** Finds the lines of the bridge among the hooks of an agent's file. */
import { callsBridge } from '../../files/bridge-line.ts';
import { isJsonObject, type JsonObject, ownProperty } from '../../protocol/json.ts';

export interface BridgeLine {
  readonly event: string;
  readonly command: string;
  /** Of what goes with the line: the hook, or its group where the group has nothing else. */
  readonly path: readonly (string | number)[];
}

/** Keys of a hook that hold a command, in the files of all agents. */
const commandKeys = ['command', 'bash'];

/** @param events the mapping of events to lists, with its path in the file. */
export function bridgeLines(events: unknown, path: readonly string[]): BridgeLine[] {
  if (!isJsonObject(events)) return [];
  return Object.entries(events).flatMap(([event, list]) =>
    (Array.isArray(list) ? list : []).flatMap((item: unknown, index) =>
      linesOf(item, event, [...path, event, index]),
    ),
  );
}

function linesOf(item: unknown, event: string, path: BridgeLine['path']): BridgeLine[] {
  const inner = ownProperty(item, 'hooks');
  if (!Array.isArray(inner)) return lineOf(item, event, path);
  return inner.flatMap((hook: unknown, index) =>
    lineOf(hook, event, inner.length === 1 ? path : [...path, 'hooks', index]),
  );
}

function lineOf(hook: unknown, event: string, path: BridgeLine['path']): BridgeLine[] {
  if (!isJsonObject(hook)) return [];
  const command = commandOf(hook);
  return command !== undefined && callsBridge(command) ? [{ event, command, path }] : [];
}

/** The command of a hook of any agent. */
function commandOf(hook: JsonObject): string | undefined {
  const key = commandKeys.find((name) => typeof hook[name] === 'string');
  return key === undefined ? undefined : (hook[key] as string);
}
