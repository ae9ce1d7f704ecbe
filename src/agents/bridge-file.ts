/**
 * Where an agent system reads its hooks, and how the line of the bridge stands there, as data.
 * `hookpool install` writes files by it, and `hookpool status` reads them.
 */
import type { JsonObject } from '../protocol/json.ts';

export interface BridgeFile {
  /**
   * The file in a project. Absent with `user`: the agent has no fixed place, and the caller names
   * the file. A script's `*` stands for the event.
   */
  readonly project?: string;
  /** The file of a user. */
  readonly user?: HomeFile;
  /**
   * `settings`: JSON, or TOML where the file's name says so, with lists of hooks under `hooks`.
   * `agents`: YAML with such lists for each of `agents`. `script`: one executable file for each
   * event.
   */
  readonly layout: 'settings' | 'agents' | 'script';
  /** A file beside, in TOML, that takes the line where it has hooks already. */
  readonly toml?: string;
  /** The events that are wired unless the caller names others: before a tool, end of a turn. */
  readonly events: readonly [string, ...string[]];
  /** What a new file needs beside `hooks`. */
  readonly head?: JsonObject;
  /** The item of an event's list that starts the command. Timeouts exceed the bridge's 25 s. */
  readonly item: (command: string, event: string) => JsonObject;
  /** The context does not name the event, so that the command does. */
  readonly namesEvent?: boolean;
  /** What a person has to do in the agent before it runs the line. */
  readonly note?: string;
  /** A harmless context of the first event: the agent is about to run `true` in its shell. */
  readonly probe: JsonObject;
}

/** A file in the home folder, or in a folder that a variable of the environment names. */
export interface HomeFile {
  readonly inHome: string;
  readonly variable?: { readonly name: string; readonly below: string };
  /** The keys that lead to the mapping of events, where it stands elsewhere than in a project. */
  readonly within?: readonly string[];
}

/** Seconds after which an agent no longer waits: five more than the bridge takes at most. */
export const bridgeTimeoutSeconds = 30;

/** `{matcher: "*", hooks: [hook]}`, the shape of Claude Code and of those that follow it. */
export function groupOf(hook: JsonObject): JsonObject {
  return { matcher: '*', hooks: [hook] };
}

/** The context of the shape of Claude Code. */
export function probeOf(event: string, toolName: string, key = 'hook_event_name'): JsonObject {
  return {
    session_id: 'hookpool-status',
    [key]: event,
    tool_name: toolName,
    tool_input: { command: 'true' },
  };
}
