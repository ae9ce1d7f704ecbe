/**
 * The commands in a line of shell. A filter, not a parser: whatever it is not sure of is `undefined`,
 * and then every hook runs.
 */
import { maxDepth, type Part, ShellScan, type Word } from './shell-scan.ts';

export interface ShellLine {
  /** Each simple command as it is written, without leading assignments, those inside substitutions too. */
  readonly commands: readonly string[];
  /** The same, where it is another text, as the shell hands it on: without quotes, redirections and further blanks. */
  readonly plain: readonly string[];
  /** How the commands begin whose other words are variables, substitutions, braces or names of files with `*`. */
  readonly beginnings: readonly string[];
  /** A substitution or a variable stands somewhere: what runs in the end is not all in the text. */
  readonly expands: boolean;
}

/** Words that hand their arguments on as a command, or run text that only they know. */
const opaque: ReadonlySet<string> = new Set(
  [
    'eval source . exec command builtin coproc trap alias let declare typeset noglob nocorrect repeat bind',
    'sh bash zsh dash ash ksh fish csh tcsh busybox env xargs parallel find sudo doas su runuser chroot unshare nsenter',
    'nohup nice ionice setsid stdbuf timeout watch flock script strace ltrace taskset chrt time expect',
  ].flatMap((names) => names.split(' ')),
);
const keywords: ReadonlySet<string> = new Set(['if', 'then', 'elif', 'else', 'do', 'while', 'until', 'time', '!', '{']);
const assignment = /^[A-Za-z_]\w*\+?=/;
/** The names of tests, and ends, as which a bracket is no pattern. */
const brackets: ReadonlySet<string> = new Set(['[', '[[', ']', ']]', '}']);
/** In the name of a command: only the shell knows which one it is. At its start `=` is a look-up of zsh. */
const guessed = /[$`*?[\]{}~!^<>]|^=/;
/**
 * Here-documents, functions and `case` have a syntax of their own. In `${…}` quotes and blanks have other rules than
 * around it. A line break behind a backslash joins what only looks apart, and control characters are read
 * differently by each shell.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unread = /<<|\bcase\b|\bfunction\b|\(\s*\)|\$\{(?![^'"`\\;&|<>(){}\s]*\})|[^ \t\n]\\\n|[\0-\x08\x0b-\x1f\x7f]/;
/** Characters of a line, and of it together with the substitutions, which are read again. 32,768 take 4 ms. */
export const maxLineLength = 32_768;
const maxRead = 2 * maxLineLength;
/** Of a line, empty ones too. */
const maxCommands = 1_000;

/** undefined: not understood, or beyond the limits. */
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
    plain: commands.flatMap(({ written, names, rest }) => names.map((name) => name + rest).filter((text) => text !== written)),
    beginnings: commands.flatMap(({ names, beginning }) =>
      beginning === undefined ? [] : names.map((name) => name + beginning),
    ),
    expands: /[$`]/.test(line),
  };
}

interface Command {
  readonly written: string;
  /** Its first word; of a path also what is behind the last slash. */
  readonly names: readonly string[];
  /** The other words, with a blank before each. */
  readonly rest: string;
  /** As far as they are certain; undefined when they all are. */
  readonly beginning: string | undefined;
}

/** @param inner gets the substitutions. */
function commandsIn(text: string, inner: string[]): readonly Command[] | undefined {
  if (unread.test(text)) return undefined;
  const scan = new ShellScan(text, inner);
  const parts: Part[] = [];
  for (let part = scan.next(); part !== undefined && parts.length <= maxCommands; part = scan.next()) parts.push(part);
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

/** undefined where it runs something else than what it is called. */
function commandOf(written: string, [first, ...others]: readonly Word[]): Command | undefined {
  const { raw, plain } = first as Word;
  if (guessed.test(raw) && !brackets.has(raw)) return undefined;
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  // An option is that of a keyword, as in `time -p`.
  if (opaque.has(name) || plain.startsWith('-')) return undefined;
  // In zsh a command can stand behind the test of an `if`, and behind a brace.
  if (others.some((word, at) => word.raw === '{' || (word.raw === ']]' && at < others.length - 1))) return undefined;
  let rest = '';
  let beginning: string | undefined;
  for (const word of others) {
    if (word.known !== undefined) beginning ??= `${rest} ${word.plain.slice(0, word.known)}`;
    rest += ` ${word.plain}`;
  }
  return { written, names: name === plain ? [plain] : [plain, name], rest, beginning };
}
