/** What a hook's command names in its project. */
import type { Runtime } from '../protocol/run.ts';

export interface NamedFiles {
  /** Paths relative to the project's folder. */
  readonly paths: ReadonlySet<string>;
  /** The script files that the command starts, with the interpreter of each. */
  readonly runs: ReadonlyMap<string, Runtime>;
  /** The command names a file of the project, or changes to a folder of it. */
  readonly usesFolder: boolean;
  /** Folders inside the project that the command changes into. */
  readonly entered: ReadonlySet<string>;
  /** Files that the command makes executable with chmod, which a sandbox does not permit. */
  readonly executables: ReadonlySet<string>;
  /** Interpreters of started files that the default profile lacks, each with its problem. */
  readonly interpreters: ReadonlyMap<string, string>;
  /** Problems as sentences. */
  readonly problems: readonly string[];
  /** What cannot be told from the command, as sentences. */
  readonly warnings: readonly string[];
}

export const nothingNamed: NamedFiles = {
  paths: new Set(),
  runs: new Map(),
  usesFolder: false,
  entered: new Set(),
  executables: new Set(),
  interpreters: new Map(),
  problems: [],
  warnings: [],
};
