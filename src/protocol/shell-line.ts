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
const maxDepth = 20;
/** Longer lines are not taken apart. */
const maxLength = 65_536;

/** undefined: not understood. */
export function splitShell(text: string, depth = 0): ShellLine | undefined {
  if (depth > maxDepth || text.length > maxLength || /<<|\bcase\b|\bfunction\b|\(\)/.test(text)) return undefined;
  const scan = new Scan(text);
  const parts: string[] = [];
  const inner: string[] = [];
  for (let part = scan.next(inner); part !== undefined; part = scan.next(inner)) parts.push(part);
  if (scan.isBroken) return undefined;
  const nested = inner.flatMap((one) => splitShell(one, depth + 1) ?? []);
  if (nested.length < inner.length) return undefined;
  const own = parts.map(bare).filter((part) => part !== '');
  if (own.some((part) => /^[$`"']/.test(part) || opaque.has(part.split(/\s/, 1)[0] as string))) return undefined;
  return {
    commands: [...own, ...nested.flatMap((one) => one.commands)],
    expands: /[$`]/.test(text),
  };
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

  constructor(text: string) {
    this.#text = text;
  }

  /** The next simple command, undefined at the end. */
  next(inner: string[]): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    let part = '';
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (/[;&|\n()]/.test(char)) {
        this.#at++;
        return part;
      }
      part += this.#token(char, inner);
    }
    return part;
  }

  #token(char: string, inner: string[]): string {
    const start = this.#at;
    if (char === '\\') this.#at += 2;
    else if (char === "'") this.#to("'");
    else if (char === '"') this.#quoted(inner);
    else if (char === '`') this.#backtick(inner);
    else if (this.#opens()) this.#substitution(inner);
    else this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #opens(): boolean {
    return /^[$<>]\(/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  #quoted(inner: string[]): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') {
        this.#at++;
        return;
      }
      if (char === '\\') this.#at += 2;
      else if (char === '`') this.#backtick(inner);
      else if (char === '$' && this.#opens()) this.#substitution(inner);
      else this.#at++;
    }
    this.isBroken = true;
  }

  #backtick(inner: string[]): void {
    const start = this.#at + 1;
    this.#to('`');
    inner.push(this.#text.slice(start, this.#at - 1));
  }

  /** From `$(` to its end; quotes inside are skipped, so that a bracket in them does not count. */
  #substitution(inner: string[]): void {
    const start = this.#at + 2;
    this.#at = start;
    let open = 1;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '(') open++;
      if (char === ')' && --open === 0) {
        inner.push(this.#text.slice(start, this.#at++));
        return;
      }
      if (char === '\\') this.#at += 2;
      else if (char === "'") this.#to("'");
      else if (char === '"') this.#quoted([]);
      else this.#at++;
    }
    this.isBroken = true;
  }

  #to(end: string): void {
    const found = this.#text.indexOf(end, this.#at + 1);
    if (found === -1) this.isBroken = true;
    this.#at = found === -1 ? this.#text.length : found + 1;
  }
}
