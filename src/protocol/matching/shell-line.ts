/**
 * Finds the commands in a line of shell. For a line that may do something else than it seems to do,
 * the result is `undefined`, and then every hook runs.
 */
import { commandIn, hidesCommands, type ShellCommand } from './shell-command.ts';
import { parseShell, type ShellTree } from './shell-tree.ts';
import type { Loose } from './wrapped.ts';

export interface ShellLine {
  /**
   * Each simple command as it is written, without leading assignments; includes those inside
   * substitutions.
   */
  readonly commands: readonly string[];
  /**
   * The same commands as the shell passes them on, without quotes, redirections and further blanks,
   * where that text differs.
   */
  readonly plain: readonly string[];
  /**
   * The beginnings of the commands whose other words have variables, substitutions, braces or names
   * of files with `*`.
   */
  readonly beginnings: readonly string[];
  /** The same commands for the search behind their first word. */
  readonly loose: readonly Loose[];
  /** The line has a substitution or a variable, so the text does not show everything that runs. */
  readonly expands: boolean;
}

/**
 * Characters that have no effect in a comment, but have one in a shell that takes `#` for a word.
 */
const hides = /['"`\\$<>(){}]/;
/** The most commands of a line. */
const maxCommands = 1_000;

/** @returns undefined for a line that is not understood or exceeds a limit. */
export function splitShell(line: string): ShellLine | undefined {
  const tree = parseShell(line);
  if (tree === undefined) return undefined;
  const commented = commentsOf(tree);
  if (commented === undefined) return undefined;
  const known: ShellCommand[] = [];
  for (const { text, commands } of [tree, commented]) {
    if (known.length + commands.length > maxCommands) return undefined;
    for (const node of commands) {
      const command = commandIn(text, node);
      if (command === undefined) return undefined;
      if (command !== 'none') known.push(command);
    }
  }
  // A here-document may be the input of a shell, which another command starts.
  if (tree.hasDocument && known.some(({ words }) => words.some(hidesCommands))) return undefined;
  return {
    commands: known.map(({ written }) => written),
    plain: known.flatMap(({ written, names, rest }) =>
      names.map((name) => name + rest).filter((text) => text !== written),
    ),
    beginnings: known.flatMap(({ names, beginning }) =>
      beginning === undefined ? [] : names.map((name) => name + beginning),
    ),
    loose: known.map(({ loose }) => loose),
    expands: tree.expands,
  };
}

/**
 * In an interactive zsh `#` begins a word like any other, and an operator in a comment begins a
 * command.
 */
function commentsOf({ comments }: ShellTree): ShellTree | undefined {
  const text = comments.map((comment) => `: ${comment.replaceAll('#', ' ')}`).join('\n');
  return hides.test(text) ? undefined : parseShell(text);
}
