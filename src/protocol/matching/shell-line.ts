/**
 * Finds the commands in a line of shell. This is a filter, not a parser: it returns `undefined` for
 * a line that it may not understand, and then every hook runs.
 */
import { maxDepth, type Part, ShellScan, type Word } from './shell-scan.ts';
import { blotted, type Loose, loosened } from './wrapped.ts';

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
 * Commands that run their arguments as a command, or run text from elsewhere. A condition finds its
 * command in the arguments of any other program too; these are the usual ones that can also hide
 * its text.
 */
const opaque: ReadonlySet<string> = new Set(
  [
    'eval source . exec command builtin coproc trap alias let declare typeset noglob nocorrect repeat bind',
    'emulate sched zargs fc mksh rbash yash pwsh toybox sg ssh at batch',
    'sh bash zsh dash ash ksh fish csh tcsh busybox env xargs parallel find sudo doas su runuser chroot unshare nsenter',
    'nohup nice ionice setsid stdbuf timeout watch flock script strace ltrace taskset chrt time expect',
  ].flatMap((names) => names.split(' ')),
);
const keywords: ReadonlySet<string> = new Set([
  'if',
  'then',
  'elif',
  'else',
  'do',
  'while',
  'until',
  'time',
  '!',
  '{',
]);
const assignment = /^[A-Za-z_]\w*\+?=/;
/** Words that are the names or ends of tests and blocks, in which a bracket is no pattern. */
const brackets: ReadonlySet<string> = new Set(['[', '[[', ']', ']]', '}']);
/**
 * Characters in the name of a command with which only the shell knows the command that runs. A
 * leading `=` is a look-up of zsh.
 */
const guessed = /[$`*?[\]{}~!^<>]|^=/;
/**
 * Syntax that is not read. Here-documents, functions and `case` have a syntax of their own. In `${…}`, quotes and
 * blanks have other rules than around it. A backslash before a line break joins parts that look separate, and each
 * shell reads control characters differently.
 */
const unread =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /<<|\bcase\b|\bfunction\b|\(\s*\)|\$\{(?![^'"`\\;&|<>(){}\s]*\})|[^ \t\n]\\\n|[\0-\x08\x0b-\x1f\x7f]/;
/**
 * The most characters of a line, and (`maxRead`) of the line together with its substitutions, which
 * are read again. 32,768 take 4 ms.
 */
export const maxLineLength = 32_768;
const maxRead = 2 * maxLineLength;
/** The most commands of a line, including empty ones. */
const maxCommands = 1_000;

/** @returns undefined for a line that is not understood or exceeds a limit. */
export function splitShell(line: string): ShellLine | undefined {
  const texts = [{ text: line, depth: 0 }];
  const commands: Command[] = [];
  let read = 0;
  for (const { text, depth } of texts) {
    read += text.length;
    if (depth > maxDepth || read > maxRead || text.length > maxLineLength) return undefined;
    const inner: string[] = [];
    const own = commandsIn(text, inner);
    if (own === undefined || texts.length + inner.length > maxCommands) return undefined;
    commands.push(...own);
    texts.push(...inner.map((one) => ({ text: one, depth: depth + 1 })));
  }
  return {
    commands: commands.map(({ written }) => written),
    plain: commands.flatMap(({ written, names, rest }) =>
      names.map((name) => name + rest).filter((text) => text !== written),
    ),
    beginnings: commands.flatMap(({ names, beginning }) =>
      beginning === undefined ? [] : names.map((name) => name + beginning),
    ),
    loose: commands.map(({ loose }) => loose),
    expands: /[$`]/.test(line),
  };
}

interface Command {
  readonly written: string;
  /** The first word; for a path also the name behind its last slash. */
  readonly names: readonly string[];
  /** The other words, with a blank before each. */
  readonly rest: string;
  /** The other words up to the first uncertain character; undefined when all of them are certain. */
  readonly beginning: string | undefined;
  readonly loose: Loose;
}

/** @param inner receives the texts of the substitutions. */
function commandsIn(text: string, inner: string[]): readonly Command[] | undefined {
  if (unread.test(text)) return undefined;
  const scan = new ShellScan(text, inner);
  const parts: Part[] = [];
  for (
    let part = scan.next();
    part !== undefined && parts.length <= maxCommands;
    part = scan.next()
  )
    parts.push(part);
  if (scan.isBroken || parts.length > maxCommands) return undefined;
  const own: Command[] = [];
  for (const { words, end } of parts) {
    const first = words.findIndex(({ raw }) => !keywords.has(raw) && !assignment.test(raw));
    if (first === -1) continue;
    const command = commandOf(text.slice(words[first]?.start, end).trim(), words.slice(first));
    if (command === undefined) return undefined;
    own.push(command);
  }
  return own;
}

/** @returns undefined where the command may run something else than its name says. */
function commandOf(written: string, [first, ...others]: readonly Word[]): Command | undefined {
  const { raw, plain } = first as Word;
  if (guessed.test(raw) && !brackets.has(raw)) return undefined;
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  // An option in the place of the name belongs to a keyword, as in `time -p`.
  if (opaque.has(name) || plain.startsWith('-')) return undefined;
  // In zsh a command can stand behind the test of an `if`, and behind a brace.
  if (others.some((word, at) => word.raw === '{' || (word.raw === ']]' && at < others.length - 1)))
    return undefined;
  let rest = '';
  let names = blotted(plain);
  let beginning: string | undefined;
  for (const word of others) {
    if (word.known !== undefined) beginning ??= `${rest} ${word.plain.slice(0, word.known)}`;
    rest += ` ${word.plain}`;
    names += ` ${blotted(word.plain)}`;
  }
  const known = beginning === undefined ? undefined : plain.length + beginning.length;
  const loose = { text: loosened(plain + rest), names, known };
  return { written, names: name === plain ? [plain] : [plain, name], rest, beginning, loose };
}
