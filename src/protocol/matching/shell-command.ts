/** The words of a simple command as the shell passes them on, as far as they are known. */
import type { Command, CommandArgument, TestCommand, Word, WordPart } from 'unbash';
import { blotted, type Loose, loosened } from './wrapped.ts';

export interface ShellCommand {
  /** As it is written, without leading assignments and redirections. */
  readonly written: string;
  /** The first word; for a path also the name behind its last slash. */
  readonly names: readonly string[];
  /** The other words, and the same with a blank before each. */
  readonly words: readonly string[];
  readonly rest: string;
  /**
   * The other words up to the first uncertain character; undefined when all of them are certain.
   */
  readonly beginning: string | undefined;
  readonly loose: Loose;
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
/** Words that are the names or ends of tests and blocks, in which a bracket is no pattern. */
const brackets: ReadonlySet<string> = new Set(['[', '[[', ']', ']]', '}']);
/**
 * Characters in the name of a command with which only the shell knows the command that runs. A
 * leading `=` is a look-up of zsh.
 */
const guessed = /[$`*?[\]{}~!^<>]|^=/;

/**
 * @param text the line that the command is a part of.
 * @returns undefined where the command may run something else than its name says, and `none` for
 * assignments and redirections alone.
 */
export function commandIn(
  text: string,
  node: Command | TestCommand,
): ShellCommand | 'none' | undefined {
  if (node.type === 'TestCommand') return testCommand(text.slice(node.pos, node.end));
  if (node.name === undefined) return 'none';
  const first = readWord(text, node.name);
  const others = node.args.map((argument) => readWord(text, argument));
  const { raw } = first;
  if (guessed.test(raw) && !brackets.has(raw)) return undefined;
  // An option in the place of the name belongs to a keyword, as in `time -f x`.
  if (hidesCommands(first.plain) || first.plain.startsWith('-')) return undefined;
  // In zsh a command can stand behind the test of an `if`, and behind a brace.
  if (others.some((word, at) => word.raw === '{' || (word.raw === ']]' && at < others.length - 1)))
    return undefined;
  return commandOf(text.slice(node.name.pos, node.end).trim(), first.plain, others);
}

/** Whether the program runs its arguments or its input as commands. */
export function hidesCommands(program: string): boolean {
  return opaque.has(baseName(program));
}

function testCommand(written: string): ShellCommand {
  const words = written.split(/\s+/).slice(1);
  return commandOf(
    written,
    '[[',
    words.map((raw) => ({ raw, plain: raw, known: undefined })),
  );
}

function commandOf(written: string, plain: string, others: readonly ReadWord[]): ShellCommand {
  const name = baseName(plain);
  const words = others.map((word) => word.plain);
  let rest = '';
  let loosely = blotted(plain);
  let beginning: string | undefined;
  for (const word of others) {
    if (word.known !== undefined) beginning ??= `${rest} ${word.plain.slice(0, word.known)}`;
    rest += ` ${word.plain}`;
    loosely += ` ${blotted(word.plain)}`;
  }
  const known = beginning === undefined ? undefined : plain.length + beginning.length;
  const loose = { text: loosened(plain + rest), names: loosely, known };
  return {
    written,
    names: name === plain ? [plain] : [plain, name],
    words,
    rest,
    beginning,
    loose,
  };
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

interface ReadWord {
  /** As it is written. */
  readonly raw: string;
  /** Without quotes and backslashes; expansions stay as they are written. */
  readonly plain: string;
  /** The number of characters at the start of `plain` that are certain; undefined: all. */
  readonly known: number | undefined;
}

function readWord(text: string, word: CommandArgument): ReadWord {
  const raw = text.slice(word.pos, word.end);
  if (word.type === 'Assignment') return { raw, plain: raw, known: 0 };
  const known = raw.startsWith('~') ? 0 : certainLength(word);
  return { raw, plain: word.value, known };
}

/** The length of the value before the first part that the shell replaces. */
function certainLength({ parts = [] }: Word): number | undefined {
  let length = 0;
  for (const part of parts.flatMap(inQuotes)) {
    if (part.type !== 'Literal' && part.type !== 'SingleQuoted') return length;
    length += part.value.length;
  }
  return undefined;
}

function inQuotes(part: WordPart): readonly WordPart[] {
  return part.type === 'DoubleQuoted' ? part.parts : [part];
}
