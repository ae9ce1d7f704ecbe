/**
 * A hook on its way from an entry of a file to a compiled hook, and what a reader says about it.
 */
import type { ProjectFiles } from '../bundling/project-files.ts';
import type { Dialect, FailMode, Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import type { FilePlace, Path, Problem, SourceDocument } from './source-document.ts';

/** The place of an entry, and the settings that its surroundings give it. */
export interface EntryPlace {
  readonly source: SourceDocument;
  readonly path: Path;
  readonly dialect: Dialect;
  readonly event: string;
  readonly defaultName: string;
  readonly tier: Tier;
  readonly activation?: 'always' | 'on-demand' | undefined;
  /** The failMode of a hook that says none; undefined: the dialect's default at the event. */
  readonly failMode?: FailMode | undefined;
  /** Files that its command may name; undefined: the document came without files. */
  readonly project: ProjectFiles | undefined;
  /** The profiles that its hooks can run in; undefined: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
  /** Settings of the group, which apply to all of its hooks. */
  readonly group?: OwnEntry | undefined;
  /**
   * The file is another agent's own: a hook of it that cannot run here becomes an unsupported hook.
   * In hookpool's own format and in Azure's documents such a hook refuses the file.
   */
  readonly isAgentFile?: boolean | undefined;
}

/** A hook that came from a file, with the place of its script for later problems. */
export interface LoadedHook {
  readonly hook: Hook;
  readonly scriptPlace: FilePlace;
  /** Creates a problem at the hook's script; its `line` is the line of the script in the file. */
  readonly scriptProblem: (message: string) => Problem;
  /**
   * Values that were replaced by a supported one, such as a timeout above the maximum; what the
   * script probably lacks; and why the hook cannot run here.
   */
  readonly warnings: readonly Problem[];
}

export interface EntryResult {
  readonly loaded?: LoadedHook;
  /** What refuses the file. */
  readonly problems: readonly Problem[];
  /** Warnings about what gave no hook; those about the hook are in `loaded`. */
  readonly warnings?: readonly Problem[];
}

/** An entry under hookpool's own keys. */
export interface OwnEntry {
  readonly entry: Readonly<Record<string, unknown>>;
  /** Path in the file of the key that sets one of hookpool's own keys. */
  readonly where: Where;
  /** Problems that were found while the keys were read. */
  readonly problems: readonly Problem[];
  /** Warnings that were found while the keys were read. */
  readonly warnings?: readonly Problem[];
  /** The hook as its author wrote it. */
  readonly written?: JsonObject;
  /** The type of the hook, where it is none that hookpool knows; `problems` then says so. */
  readonly foreignType?: string | undefined;
}

export type Where = (key: string) => Path;
