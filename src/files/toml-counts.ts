/**
 * Counts tokens, depth and text lengths of a TOML text in a loop, before its recursive parser reads
 * it. The scan is tolerant: the parser reports invalid TOML.
 */
import { documentLimits } from '../protocol/limits.ts';
import { type Fault, tooDeep, tooMany } from './limits.ts';

/** The first place where a text exceeds a limit. */
export function tomlFault(text: string): Fault | undefined {
  const scan = new Scan(text);
  for (let offset = 0; offset < text.length; offset = scan.at) {
    const message = exceeded(scan.next());
    if (message !== undefined) return { offset, message };
  }
  return undefined;
}

interface Counts {
  readonly tokens: number;
  readonly depth: number;
  /** Length of the last text, key or number. */
  readonly characters: number;
}

function exceeded({ tokens, depth, characters }: Counts): string | undefined {
  if (depth > documentLimits.depth) return tooDeep;
  if (tokens > documentLimits.tomlTokens) return tooMany('tokens', documentLimits.tomlTokens);
  if (characters <= documentLimits.tomlText) return undefined;
  return tooMany(
    'characters in one text',
    documentLimits.tomlText,
    'put a long script into a file of its own',
  );
}

const blanks = /[^\S\n]+/y;
/** A key or a value without quotes. */
const word = /[^\s#"'[\]{},.=]+/y;

class Scan {
  at = 0;
  readonly #text: string;
  #tokens = 0;
  /** What each open bracket adds to the depth: itself, and the dots of the key before it. */
  readonly #open: number[] = [];
  #depth = 0;
  /** Dots in the key that is being read. */
  #dots = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Counts {
    const start = this.at;
    const char = this.#text.charAt(start);
    if (!this.#skip(blanks)) this.#token(char);
    const isText = char === '"' || char === "'" || this.at - start > 1;
    const isComment = char === '#' || char.trim() === '';
    const characters = isText && !isComment ? this.at - start : 0;
    return { tokens: this.#tokens, depth: this.#depth + this.#dots, characters };
  }

  #token(char: string): void {
    this.#tokens++;
    if (char === '#') this.at = this.#endOfLine();
    else if (char === '"' || char === "'") this.at = this.#endOfText(char);
    else if (!this.#skip(word)) this.#mark(char);
  }

  #mark(char: string): void {
    this.at++;
    if (char === '.') this.#dots++;
    else if (char === '[' || char === '{') {
      this.#open.push(1 + this.#dots);
      this.#depth += 1 + this.#dots;
    } else if (char === ']' || char === '}') this.#depth -= this.#open.pop() ?? 0;
    if (char !== '.' && char !== '=') this.#dots = 0;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  #endOfText(quote: string): number {
    const triple = quote.repeat(3);
    const isTriple = this.#text.startsWith(triple, this.at);
    const end = isTriple ? triple : quote;
    const from = this.at + end.length;
    const stop = isTriple ? this.#text.length : this.#endOfLine();
    for (
      let at = this.#text.indexOf(end, from);
      at !== -1 && at < stop;
      at = this.#text.indexOf(end, at + 1)
    ) {
      if (quote === "'" || !isEscaped(this.#text, at)) return at + end.length;
    }
    return stop;
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.at);
    return end === -1 ? this.#text.length : end;
  }
}

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charAt(start - 1) === '\\') start--;
  return (at - start) % 2 === 1;
}
