/**
 * Scans a line of shell once, for the ends of its simple commands and for their words without
 * quotes.
 */

/** One word of a simple command. */
export interface Word {
  /** Index of its first character in the text. */
  readonly start: number;
  /** As it is written. */
  readonly raw: string;
  /** Without quotes and backslashes; expansions stay as they are written. */
  readonly plain: string;
  /**
   * The number of characters at the start of `plain` that are certain; undefined: all, because
   * nothing in it expands.
   */
  readonly known: number | undefined;
}

/** A simple command. Redirections and their targets are no words. */
export interface Part {
  readonly words: readonly Word[];
  /** Index behind its last character. */
  readonly end: number;
}

/** The deepest nesting of substitutions and quotes: each level is a call. */
export const maxDepth = 20;

/**
 * Characters that have no effect in a comment, but have one in a shell that takes `#` for a word.
 */
const hides = /['"`\\$<>(){}]/;
/** Characters that can stand before a `#` or `(` that is no part of a word. */
const betweenWords = ' \t\n;&|(';
/** The characters of a word that stand for themselves. */
const literal = /[^;&|\n()\\'"`$<> \t*?[{~#]+/y;

interface Sink {
  plain: string;
  known: number | undefined;
}

export class ShellScan {
  /** Something has no end, or has a syntax that is not read; the parts are not usable then. */
  isBroken = false;
  readonly #text: string;
  /** Receives the texts of the substitutions. */
  readonly #inner: string[];
  #at = 0;
  /** The end of the last comment that was checked; a comment may have more than one `#`. */
  #looked = 0;
  #depth = 0;
  #words: Word[] = [];
  #word: (Sink & { readonly start: number }) | undefined;
  /** The next word is the target of a redirection. */
  #isTarget = false;
  /** Behind `&>`, which redirects in bash, and ends the command in other shells. */
  #isDoubtful = false;

  constructor(text: string, inner: string[]) {
    this.#text = text;
    this.#inner = inner;
  }

  /**
   * The next simple command, undefined at the end. A comment ends a command and is scanned as well:
   * in an interactive zsh `#` begins a word like any other.
   */
  next(): Part | undefined {
    if (this.#at >= this.#text.length) return undefined;
    this.#words = [];
    this.#isTarget = false;
    this.#isDoubtful = false;
    while (this.#at < this.#text.length && !this.#ends(this.#char())) this.#token(this.#char());
    this.#endWord();
    return { words: this.#words, end: this.#at++ };
  }

  #ends(char: string): boolean {
    if (char === '#' && this.#word === undefined) {
      this.#comment();
      return true;
    }
    // A bracket that is attached to a word belongs to an array, a function or a pattern.
    if (char === '(' && this.#word !== undefined) this.#break();
    return ';&|\n()'.includes(char) && !this.#redirectsBoth();
  }

  #comment(): void {
    if (this.#at < this.#looked) return;
    const end = this.#text.indexOf('\n', this.#at);
    this.#looked = end === -1 ? this.#text.length : end;
    if (hides.test(this.#text.slice(this.#at, this.#looked))) this.#break();
  }

  #token(char: string): void {
    if (char === ' ' || char === '\t') {
      this.#endWord();
      this.#at++;
    } else if (char === '\\' && this.#text.charAt(this.#at + 1) === '\n') this.#at += 2;
    else if (char === '&') {
      this.#isDoubtful = true;
      this.#redirect();
    } else if ((char === '<' || char === '>') && !this.#opens()) this.#redirect();
    else {
      this.#word ??= { start: this.#at, plain: '', known: undefined };
      this.#piece(char, this.#word);
    }
  }

  #piece(char: string, word: Sink): void {
    const start = this.#at;
    if (char === '\\') {
      word.plain += this.#text.charAt(start + 1);
      this.#at += 2;
    } else if (char === "'") {
      this.#to("'");
      word.plain += this.#text.slice(start + 1, this.#at - 1);
    } else if (char === '"') this.#quoted(word, this.#inner);
    else if ('`$<>'.includes(char)) this.#expansion(char, word, this.#inner);
    else if (this.#expands(char, word)) this.#open(word, start + 1);
    else word.plain += this.#run(literal);
  }

  /**
   * Whether the shell replaces the character by names of files, choices of braces or the home folder; `{}` and a `~`
   * inside of a word are plain.
   */
  #expands(char: string, { plain }: Sink): boolean {
    if (char === '~') return plain === '';
    return '*?['.includes(char) || (char === '{' && this.#text.charAt(this.#at + 1) !== '}');
  }

  /** Marks the word as uncertain from a variable or a substitution on, because the value is not known. */
  #expansion(char: string, word: Sink, inner: string[]): void {
    const start = this.#at;
    if (char === '`') this.#backtick(inner);
    else if (this.#opens()) this.#substitution(inner);
    else this.#variable();
    this.#at = Math.min(this.#at, this.#text.length);
    const end = this.#at;
    this.#at = start;
    this.#open(word, end);
  }

  /** Refuses `$'…'`, which has escapes of its own, and `$"…"`, which is translated. */
  #variable(): void {
    if (`'"`.includes(this.#text.charAt(this.#at + 1) || ' ')) this.#break();
    else this.#at++;
  }

  #open(word: Sink, end: number): void {
    word.known ??= word.plain.length;
    word.plain += this.#text.slice(this.#at, end);
    this.#at = end;
  }

  /** Reads a redirection: `>`, `2>`, `>&` or `>|`, with the sign once or twice. */
  #redirect(): void {
    const { start = this.#at } = this.#word ?? {};
    if (this.#char() !== '&' && /^\d+$/.test(this.#text.slice(start, this.#at)))
      this.#word = undefined;
    this.#endWord();
    this.#at +=
      '&|'.includes(this.#text.charAt(this.#at + 1) || ' ') || this.#redirectsBoth() ? 2 : 1;
    this.#isTarget = true;
  }

  #redirectsBoth(): boolean {
    return this.#text.startsWith('&>', this.#at) && this.#text.charAt(this.#at + 2) !== '(';
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    const { start, plain, known } = this.#word;
    const raw = this.#text.slice(start, this.#at);
    this.#word = undefined;
    if (this.#isTarget) this.#isTarget = false;
    else if (this.#isDoubtful) this.#break();
    // A bracket alone is the name of a test, not a set of letters.
    else
      this.#words.push({
        start,
        raw,
        plain,
        known: raw === '[' || raw === '[[' ? undefined : known,
      });
  }

  #quoted(word: Sink, inner: string[]): void {
    if (!this.#enters()) return;
    this.#at++;
    for (let char = this.#char(); char !== '"' && char !== ''; char = this.#char()) {
      if (char === '\\') this.#escaped(word);
      else if (char === '`' || (char === '$' && this.#opens())) this.#expansion(char, word, inner);
      else if (char === '$') this.#open(word, this.#at + 1);
      else word.plain += this.#run(/[^"\\`$]+/y);
    }
    this.#leaves();
  }

  /** In quotes a backslash stands for itself before most characters. */
  #escaped(word: Sink): void {
    const char = this.#text.charAt(this.#at + 1);
    if (char !== '\n') word.plain += '"\\`$'.includes(char) ? char : `\\${char}`;
    this.#at += 2;
  }

  /** Refuses a backslash between backticks, which hides a quote or another backtick. */
  #backtick(inner: string[]): void {
    const start = this.#at + 1;
    this.#to('`');
    const text = this.#text.slice(start, this.#at - 1);
    if (text.includes('\\')) this.#break();
    inner.push(text);
  }

  /** Reads from `$(` to its end; quotes inside are skipped, so that a bracket in them does not count. */
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

  /** Skips a piece of a substitution without its words, because the text is scanned again. */
  #inSubstitution(char: string): void {
    const before = this.#text.charAt(this.#at - 1);
    if (char === '\\') this.#at += 2;
    else if (char === "'") this.#to("'");
    else if (char === '"') this.#quoted({ plain: '', known: undefined }, []);
    else if (char === '`') this.#backtick([]);
    else if (char === '$') this.#variable();
    // A bracket in a comment does not end the substitution.
    else if (char === '#' && betweenWords.includes(before)) this.#break();
    else this.#run(/[^()\\'"`$#]+/y);
  }

  /** Takes the text that the pattern matches, and at least one character. */
  #run(pattern: RegExp): string {
    const start = this.#at;
    pattern.lastIndex = start;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 1;
    return this.#text.slice(start, this.#at);
  }

  #opens(): boolean {
    return this.#text.charAt(this.#at + 1) === '(';
  }

  #enters(): boolean {
    if (++this.#depth <= maxDepth) return true;
    this.#at = this.#text.length;
    return this.#leaves();
  }

  /** Steps behind the closing character. @returns whether there was one. */
  #leaves(): boolean {
    this.#depth--;
    const isClosed = this.#at < this.#text.length;
    if (!isClosed) this.isBroken = true;
    this.#at++;
    return isClosed;
  }

  /** Marks the line as broken and ends the scan. */
  #break(): void {
    this.isBroken = true;
    this.#at = this.#text.length;
  }

  /** The current character; empty at the end. */
  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #to(end: string): void {
    const found = this.#text.indexOf(end, this.#at + 1);
    if (found === -1) this.isBroken = true;
    this.#at = found === -1 ? this.#text.length : found + 1;
  }
}
