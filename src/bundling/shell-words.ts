/**
 * Splits a shell text into simple commands, each as words without quotes. The scan skips what it
 * does not understand, because it only serves to find out what a command needs. It ignores text
 * inside here-documents. `>file` becomes a command `['>', 'file']` of its own.
 */

const separators = /[;&|\n()`]/;
/** Maximum depth of nested substitutions, so that the scan of a crafted text ends. */
const maxDepth = 8;

export function shellWords(text: string, depth = 0): string[][] {
  if (depth > maxDepth) return [];
  const scan = new Scan(text, depth);
  return scan.commands();
}

class Scan {
  readonly #text: string;
  readonly #depth: number;
  readonly #found: string[][] = [];
  readonly #documents: string[] = [];
  #words: string[] = [];
  #word: string | undefined;
  /** The next word is the target of an output redirection. */
  #isTarget = false;
  #at = 0;

  constructor(text: string, depth: number) {
    this.#text = text.replaceAll('\\\n', ' ');
    this.#depth = depth;
  }

  commands(): string[][] {
    while (this.#at < this.#text.length) this.#step(this.#text.charAt(this.#at));
    this.#endCommand();
    return this.#found;
  }

  #step(char: string): void {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    const isProcess = /^[<>]\(/.test(rest);
    if (char === '#' && this.#word === undefined) this.#at = this.#lineEnd();
    else if (char === ' ' || char === '\t' || char === '\r') this.#endWord(1);
    else if (isProcess) this.#endWord(1);
    else if (char === '<' || char === '>') this.#redirect();
    else if (char === "'") this.#add(this.#upTo("'"));
    else if (char === '"') this.#quoted();
    else if (char === '\\') this.#add(this.#take(2).slice(1));
    else if (char === '$') this.#dollar();
    else if (separators.test(char)) this.#separate(char);
    else this.#add(this.#take(1));
  }

  #separate(char: string): void {
    this.#endCommand();
    this.#at++;
    if (char === '\n') for (const end of this.#documents.splice(0)) this.#skipDocument(end);
  }

  /** `2>&1` is dropped, `<file` is a word of the command, and `<<END` begins a here-document. */
  #redirect(): void {
    if (/^\d+$/.test(this.#word ?? '')) this.#word = undefined;
    this.#endWord(0);
    const [operator] = /^(<<<|<<-?|[<>]+\|?&?|)/.exec(
      this.#text.slice(this.#at),
    ) as RegExpExecArray;
    this.#at += operator.length;
    const copied = operator.endsWith('&')
      ? (/^[\d-]*/.exec(this.#text.slice(this.#at))?.[0].length as number)
      : 0;
    this.#at += copied;
    this.#isTarget = operator.includes('>') && copied === 0;
    if (operator !== '<<' && operator !== '<<-') return;
    const [written = '', end = ''] =
      /^[ \t]*["'\\]?([\w.-]+)["']?/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += written.length;
    if (end !== '') this.#documents.push(end);
  }

  #skipDocument(end: string): void {
    while (this.#at < this.#text.length) {
      const line = this.#text.slice(this.#at, this.#lineEnd());
      this.#at = this.#lineEnd() + 1;
      if (line.trim() === end) return;
    }
  }

  #quoted(): void {
    this.#at++;
    this.#add('');
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') break;
      if (char === '\\') this.#add(this.#take(2).slice(1));
      else if (char === '$') this.#dollar();
      else if (char === '`') this.#inner(this.#upTo('`'));
      else this.#add(this.#take(1));
    }
    this.#at++;
  }

  /** `$(…)` holds commands of its own; `$NAME` stays as it is. */
  #dollar(): void {
    if (this.#text.charAt(this.#at + 1) !== '(') {
      this.#add(this.#take(1));
      return;
    }
    const start = this.#at + 2;
    let open = 1;
    for (this.#at = start; this.#at < this.#text.length && open > 0; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === '(') open++;
      if (char === ')') open--;
    }
    this.#inner(this.#text.slice(start, open === 0 ? this.#at - 1 : this.#at));
  }

  #inner(text: string): void {
    this.#add(/^\s*pwd(?:\s+-[LP])?\s*$/.test(text.slice(0, 20)) ? '$PWD' : '$()');
    for (const command of shellWords(text, this.#depth + 1)) this.#found.push(command);
  }

  #upTo(end: string): string {
    const start = this.#at + 1;
    const found = this.#text.indexOf(end, start);
    this.#at = found === -1 ? this.#text.length : found + 1;
    return this.#text.slice(start, found === -1 ? undefined : found);
  }

  #lineEnd(): number {
    const found = this.#text.indexOf('\n', this.#at);
    return found === -1 ? this.#text.length : found;
  }

  #take(length: number): string {
    this.#at += length;
    return this.#text.slice(this.#at - length, this.#at);
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(skip: number): void {
    if (this.#word !== undefined) {
      if (this.#isTarget) this.#found.push(['>', this.#word]);
      else this.#words.push(this.#word);
      this.#isTarget = false;
    }
    this.#word = undefined;
    this.#at += skip;
  }

  #endCommand(): void {
    this.#endWord(0);
    if (this.#words.length > 0) this.#found.push(this.#words);
    this.#words = [];
    this.#isTarget = false;
  }
}
