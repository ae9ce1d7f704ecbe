/** The hook file format of one agent system, as data. read-agent-hooks.ts reads files by it. */

import type { EventRules, FailMode } from '../protocol/dialect.ts';
import type { BridgeFile } from './bridge-file.ts';
import type { Facts } from './file-facts.ts';

/** The effect of a key in the file. */
interface Effect {
  /** The hookpool keys that it sets. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Why the key is refused. */
  readonly problem?: string;
  /** What the key does in the agent and does not do here. */
  readonly warning?: string;
}

/** `hook` is the mapping that contains the key. */
export type KeyRule = (value: unknown, hook: Readonly<Record<string, unknown>>) => Effect;
export type KeyRules = Readonly<Record<string, KeyRule>>;

export interface AgentFormat {
  /** The format's name, in the output of `check` and in records. */
  readonly format: string;
  /** The system's name in messages. */
  readonly about: string;
  /**
   * The dialects of such files. The first one applies unless `choose` or the caller names another.
   */
  readonly dialects: readonly [string, ...string[]];
  /** Where the line of the bridge stands in its files. */
  readonly bridge: BridgeFile;
  /** Spellings of event names that upstream accepts beside those of the dialect. */
  readonly spellings?: readonly string[];
  /** Matches the `$schema` of this system's files only. */
  readonly schema?: RegExp;
  /** Folders in which this system looks for such files, such as `.claude`. */
  readonly folders: readonly string[];
  /** Files of a project that make it a plugin of this system. */
  readonly manifests?: readonly string[];
  /** Variables of commands that this system sets and few others do. */
  readonly variables?: readonly string[];
  /** Returns the dialect that the file's keys and events imply, where it is not the first one. */
  readonly choose?: (facts: Facts) => string | undefined;
  /**
   * The lists under the events hold groups of hooks, hooks, or (`agents`) either of them, for each
   * agent of `agents`. `script`: the file is a script that has the name of its event.
   */
  readonly layout: 'groups' | 'hooks' | 'agents' | 'script';
  /** The lists may hold groups too, although the layout is `hooks`. */
  readonly takesGroups?: boolean;
  /** Files in TOML have this format. */
  readonly isToml?: boolean;
  /** The events may stand at the top level of the file, without `hooks` around them. */
  readonly hasBareEvents?: boolean;
  /**
   * Whether a file may belong to this system, where several systems have this layout and no key
   * tells them apart. Default: never.
   * @param isPlaced whether the file's folder or plugin is the system's.
   */
  readonly claims?: (facts: Facts, isPlaced: boolean) => boolean;
  /** A file belongs to this system if no system with this layout claims it. */
  readonly isFallback?: boolean;
  /**
   * Whether an item of the event's list is a group, `{matcher, hooks: [...]}`, and not a hook.
   */
  readonly isGrouped: (rules: EventRules, item: unknown) => boolean;
  /** The system's own words of the key `failMode`, and what they mean. */
  readonly failModes?: Readonly<Record<string, FailMode>>;
  /** The system refuses a file with a key that it does not know. Default: it ignores the key. */
  readonly refusesUnknownKeys?: boolean;
  /** Keys at the top of the file that only this system has, or that change what its hooks do. */
  readonly rootKeys: KeyRules;
  /** Names, or commands, of the hooks that the file itself switches off. */
  readonly disabled?: (file: {
    readonly root: Readonly<Record<string, unknown>>;
    readonly events: Readonly<Record<string, unknown>>;
  }) => readonly string[];
  /** Keys among the events that are not events. */
  readonly besideEvents: KeyRules;
  readonly groupKeys: KeyRules;
  readonly hookKeys: KeyRules;
}
