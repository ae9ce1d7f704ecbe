/** What shell-text.ts reads, and the part that it is reading. */

interface Redirect {
  /** `>`, `>>`, `<` and so on, without the descriptor before it. */
  readonly operator: string;
  readonly word: string;
}

interface HereDocument {
  readonly text: string;
  /** The line of the text's first line. */
  readonly line: number;
}

export interface ShellCommand {
  /** Without quotes. `$NAME`, `${…}` and `$(…)` stay as they are written. */
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
  readonly documents: readonly HereDocument[];
  readonly line: number;
  /** No condition stands before it: it runs whenever the text runs. */
  readonly isSure: boolean;
  /** The operator behind it: `;`, `||`, a line end; empty at the end of a text or substitution. */
  readonly joiner: string;
}

export interface ShellText {
  /** In the order of their ends: what stands inside of a command comes first. */
  readonly commands: readonly ShellCommand[];
  readonly functions: ReadonlySet<string>;
}

export interface Part {
  words: string[];
  redirects: Redirect[];
  documents: Document[];
  word: string | undefined;
  /** The operator whose target the next word is. */
  operator: string | undefined;
  start: number;
  /** Inside of `[[ … ]]`. */
  isTest: boolean;
  /** Number of open `case` commands, and of open brackets. */
  cases: number;
  brackets: number;
  isArray: boolean;
}

export interface Document {
  readonly end: string;
  text: string;
  line: number;
}

export function emptyPart(isArray: boolean): Part {
  return {
    words: [],
    redirects: [],
    documents: [],
    word: undefined,
    operator: undefined,
    start: -1,
    isTest: false,
    cases: 0,
    brackets: 0,
    isArray,
  };
}

/** Reserved words before a command that are no part of it. */
export const opening = ['if', 'while', 'until', '!', '{', 'time'];
export const conditional = ['then', 'else', 'elif', 'do'];
export const closing = ['fi', 'done', '}'];
/** Programs whose success says nothing: a command after `&&` still runs. */
export const neutral =
  /^(?:cd|export|set|mkdir|cat|read|true|:|source|\.|echo|printf|shopt|umask|unset|declare|\w+=.*)$/s;
