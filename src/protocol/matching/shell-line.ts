/**
 * The commands in a line of shell. A filter, not a parser: whatever it is not sure of is `undefined`,
 * and then every hook runs.
 */

export interface ShellLine {
  /** Each simple command, without leading assignments, those inside substitutions too. */
  readonly commands: readonly string[];
  /** A substitution or a variable stands somewhere: what runs in the end is not all in the text. */
  readonly expands: boolean;
}

/** Words that hand their arguments on as a command, or run text that only they know. */
const opaque = new Set(['eval', 'source', '.', 'exec', 'xargs', 'sudo', 'env', 'command', 'sh', 'bash', 'zsh', 'nohup', 'find']);
const keyword = /^(?:if|then|elif|else|do|while|until|time|!|\{)\s+/;
const assignment = /^[A-Za-z_]\w*\+?=(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])*(?:\s+|$)/;
/** Substitutions within substitutions, and quotes within quotes. */
const maxDepth = 20;
/** Characters of a line, and of it together with the substitutions, which are read again. 32,768 take 2 ms. */
export const maxLineLength = 32_768;
const maxRead = 2 * maxLineLength;
/** Of a line, empty ones too. */
const maxCommands = 1_000;

/** undefined: not understood, or beyond the limits. */
export function splitShell(line: string): ShellLine | undefined {
  const texts = [{ text: line, depth: 0 }];
  const commands: string[] = [];
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
  return { commands, expands: /[$`]/.test(line) };
}

/** @param inner gets the substitutions. */
function commandsIn(text: string, inner: string[]): readonly string[] | undefined {
  if (/<<|\bcase\b|\bfunction\b|\(\)/.test(text)) return undefined;
  const scan = new Scan(text);
  const parts: string[] = [];
  for (let part = scan.next(inner); part !== undefined && parts.length <= maxCommands; part = scan.next(inner)) {
    parts.push(part);
  }
  if (scan.isBroken || parts.length > maxCommands) return undefined;
  const own = parts.map(bare).filter((part) => part !== '');
  const isOpaque = own.some((part) => /^[$`"']/.test(part) || opaque.has(part.split(/\s/, 1)[0] as string));
  return isOpaque ? undefined : own;
}

function bare(part: string): string {
  let text = part.trim();
  for (;;) {
    const shorter = text.replace(keyword, '').replace(assignment, '');
    if (shorter === text) return text;
    text = shorter;
  }
}

/** Goes over the text once; quotes are kept, substitutions are handed out. */
class Scan {
  isBroken = false;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next simple command, undefined at the end. */
  next(inner: string[]): string | undefined {
    const start = this.#at;
    if (start >= this.#text.length) return undefined;
    while (this.#at < this.#text.length) {
      const char = this.#char();
      if (';&|\n()'.includes(char)) return this.#text.slice(start, this.#at++);
      this.#token(char, inner);
    }
    return this.#text.slice(start);
  }

  #token(char: string, inner: string[]): void {
    if (char === '\\') this.#at += 2;
    else if (char === "'") this.#to("'");
    else if (char === '"') this.#quoted(inner);
    else if (char === '`') this.#backtick(inner);
    else if ('$<>'.includes(char) && this.#opens()) this.#substitution(inner);
    else this.#plain(/[^;&|\n()\\'"`$<>]+/y);
  }

  /** Goes over what the pattern takes, and at least one character. */
  #plain(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 1;
  }

  #opens(): boolean {
    return this.#text.charAt(this.#at + 1) === '(';
  }

  /** The depth is bounded, because each level is a call. */
  #enters(): boolean {
    if (++this.#depth <= maxDepth) return true;
    this.#at = this.#text.length;
    return this.#leaves();
  }

  /** Behind what was entered, if it ended. */
  #leaves(): boolean {
    this.#depth--;
    const isClosed = this.#at < this.#text.length;
    if (!isClosed) this.isBroken = true;
    this.#at++;
    return isClosed;
  }

  #quoted(inner: string[]): void {
    if (!this.#enters()) return;
    this.#at++;
    for (let char = this.#char(); char !== '"' && char !== ''; char = this.#char()) {
      if (char === '\\') this.#at += 2;
      else if (char === '`') this.#backtick(inner);
      else if (char === '$' && this.#opens()) this.#substitution(inner);
      else this.#plain(/[^"\\`$]+/y);
    }
    this.#leaves();
  }

  #backtick(inner: string[]): void {
    const start = this.#at + 1;
    this.#to('`');
    inner.push(this.#text.slice(start, this.#at - 1));
  }

  /** From `$(` to its end; quotes inside are skipped, so that a bracket in them does not count. */
  #substitution(inner: string[]): void {
    if (!this.#enters()) return;
    this.#at += 2;
    const start = this.#at;
    let open = 1;
    for (let char = this.#char(); char !== ''; char = this.#char()) {
      if (char === '(') open++;
      if (char === ')' && --open === 0) break;
      this.#inSubstitution(char);
    }
    const text = this.#text.slice(start, this.#at);
    if (this.#leaves()) inner.push(text);
  }

  #inSubstitution(char: string): void {
    if (char === '\\') this.#at += 2;
    else if (char === "'") this.#to("'");
    else if (char === '"') this.#quoted([]);
    else this.#plain(/[^()\\'"]+/y);
  }

  /** Empty at the end. */
  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #to(end: string): void {
    const found = this.#text.indexOf(end, this.#at + 1);
    if (found === -1) this.isBroken = true;
    this.#at = found === -1 ? this.#text.length : found + 1;
  }
}
