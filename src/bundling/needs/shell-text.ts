/**
 * Reads a shell text as simple commands with their lines. It serves to find out what a script
 * needs: it knows functions, `case` patterns, arrays, tests and here-documents, so that no part of
 * them is taken for a program, and it skips what it does not understand. One pass, without going
 * back.
 */
import { lineNumbers } from './lines.ts';
import { ShellCursor } from './shell-cursor.ts';
import {
  closing,
  conditional,
  type Document,
  emptyPart,
  neutral,
  opening,
  type ShellCommand,
  type ShellText,
} from './shell-part.ts';

export function readShell(text: string): ShellText {
  return new Scan(text).read();
}

/** Maximum depth of nested substitutions; the rest of a deeper text is not read. */
const maxDepth = 40;
class Scan extends ShellCursor {
  readonly #lineOf: (position: number) => number;
  readonly #commands: ShellCommand[] = [];
  readonly #functions = new Set<string>();
  #waiting: Document[] = [];
  #part = emptyPart(false);
  #depth = 0;
  #isSure = true;

  constructor(text: string) {
    super(text);
    this.#lineOf = lineNumbers(text);
  }

  read(): ShellText {
    while (this.at < this.text.length) this.#list('');
    return { commands: this.#commands, functions: this.#functions };
  }

  /** Reads to the end character, which is passed. */
  #list(end: string, isArray = false): void {
    const [part, isSure] = [this.#part, this.#isSure];
    this.#part = emptyPart(isArray);
    if (++this.#depth > maxDepth) this.at = this.text.length;
    while (this.at < this.text.length) {
      const char = this.text.charAt(this.at);
      if (char === end && this.#part.brackets === 0) break;
      this.#step(char);
    }
    this.#endCommand('');
    this.at++;
    this.#depth--;
    this.#part = part;
    if (end !== '') this.#isSure = isSure;
  }

  #step(char: string): void {
    const part = this.#part;
    const { isTest } = part;
    if (part.start === -1 && !' \t\r\n;&|)'.includes(char)) part.start = this.at;
    if ('\\\'"$`'.includes(char)) this.#special(char);
    else if (char === '#' && part.word === undefined) this.skipLine();
    else if (' \t\r'.includes(char) || (isTest && char === '\n')) this.#endWord(1);
    else if (isTest && '&|()<>'.includes(char)) this.#add(this.take(1));
    else if ('<>'.includes(char) || this.next(2) === '&>') this.#redirect();
    else if (char === '(') this.#bracket();
    else if (';&|\n)'.includes(char)) this.#separator(char);
    else this.#add(this.take(1));
  }

  /** Quotes, escapes and substitutions, which may be part of any word. */
  #special(char: string): void {
    if (char === '\\') this.#add(this.take(2).slice(1).replace('\n', ''));
    else if (char === "'") this.#add(this.upTo("'", 1));
    else if (char === '"') this.#quoted();
    else if (char === '$') this.#dollar();
    else this.#substitution(1, '`');
  }

  #quoted(): void {
    this.at++;
    this.#add('');
    while (this.at < this.text.length && this.text.charAt(this.at) !== '"') {
      const char = this.text.charAt(this.at);
      if ('\\$`'.includes(char)) this.#special(char);
      else this.#add(this.take(1));
    }
    this.at++;
  }

  #dollar(): void {
    const next = this.next(3);
    if (next === '$((') this.#add(this.arithmetic(3));
    else if (next.startsWith('$(')) this.#substitution(2, ')');
    else if (next.startsWith('${')) this.#braced();
    else if (next.startsWith("$'")) this.#add(this.ansiString());
    else this.#add(this.take(1));
  }

  /** Reads the commands of `$(…)`, and keeps its text in the word. */
  #substitution(length: number, end: string): void {
    const start = this.at;
    this.at += length;
    this.#list(end);
    this.#add(this.text.slice(start, this.at));
  }

  /** `${…}`, whose default may hold other variables, quotes and commands. */
  #braced(): void {
    const [part, start] = [this.#part, this.at];
    this.#part = emptyPart(true);
    this.at += 2;
    for (let open = 1; this.at < this.text.length && open > 0; ) {
      const char = this.text.charAt(this.at);
      if (char === '$' && this.text.charAt(this.at + 1) === '(') this.#dollar();
      else {
        if (char === '{') open++;
        if (char === '}') open--;
        this.at += char === '\\' ? 2 : 1;
      }
    }
    this.#part = part;
    this.#add(this.text.slice(start, this.at));
  }

  #redirect(): void {
    const part = this.#part;
    if (/^[<>]\($/.test(this.next(2))) {
      this.#substitution(2, ')');
      return;
    }
    if (/^\d+$/.test(part.word ?? '')) part.word = undefined;
    this.#endWord(0);
    const [operator] = /^(?:<<<|<<-?|&?>>|&>|[<>][&|>]?)/.exec(this.next(3)) as RegExpExecArray;
    this.at += operator.length;
    part.operator = operator;
    if (operator !== '<<' && operator !== '<<-') return;
    part.operator = undefined;
    const [written = '', end = ''] = /^[ \t]*["'\\]?([\w.-]+)["']?/.exec(this.next(200)) ?? [];
    this.at += written.length;
    if (end === '') return;
    const document = { end, text: '', line: 0 };
    part.documents.push(document);
    this.#waiting.push(document);
  }

  /** An array, a function, an arithmetic command or a subshell. */
  #bracket(): void {
    const part = this.#part;
    const isEmpty = /^\([ \t]*\)/.exec(this.next(20));
    if (part.word?.endsWith('=')) {
      this.at++;
      this.#list(')', true);
      return;
    }
    if (isEmpty !== null && part.words.length + (part.word === undefined ? 0 : 1) === 1) {
      this.#endWord(isEmpty[0].length);
      this.#define(part.words.pop() as string);
      return;
    }
    const isStart = part.words.length === 0 || part.words[0] === 'for';
    if (isStart && part.word === undefined && this.next(2) === '((') {
      this.arithmetic(2);
      return;
    }
    this.#endCommand('(');
    part.brackets++;
    this.at++;
  }

  /** A function's body runs where it is called. */
  #define(name: string): void {
    this.#functions.add(name);
    this.#isSure = false;
  }

  #separator(char: string): void {
    const part = this.#part;
    const [operator = char] = /^(?:;;&|;;|;&|&&|\|\|)/.exec(this.next(3)) ?? [];
    this.#endCommand(operator);
    this.at += operator.length;
    if (char === ')') part.brackets = Math.max(0, part.brackets - 1);
    if (char === '\n') for (const document of this.#waiting.splice(0)) this.#read(document);
    if (part.cases > 0 && /^;[;&]/.test(operator)) this.#pattern();
  }

  #read(document: Document): void {
    document.line = this.#lineOf(this.at);
    this.body(document);
  }

  #pattern(): void {
    this.#isSure = false;
    this.pattern();
  }

  #endWord(skip: number): void {
    const part = this.#part;
    const { word, operator, words } = part;
    this.at += skip;
    if (word === undefined) return;
    part.word = undefined;
    if (operator !== undefined) {
      part.operator = undefined;
      part.redirects.push({ operator, word });
    } else if (words.length > 0 || !this.#isReserved(word)) words.push(word);
    if (words[0] === '[[') part.isTest = word !== ']]';
    if (words[0] === 'function' && words.length === 2) {
      this.#define(word);
      part.words = [];
    }
    if (words[0] === 'case' && words.length > 2 && word === 'in') {
      this.#endCommand('');
      part.cases++;
      this.#pattern();
    }
  }

  #isReserved(word: string): boolean {
    if (conditional.includes(word)) this.#isSure = false;
    if (word === 'esac') this.#part.cases = Math.max(0, this.#part.cases - 1);
    return word === 'esac' || [opening, conditional, closing].some((some) => some.includes(word));
  }

  #endCommand(joiner: string): void {
    this.#endWord(0);
    const part = this.#part;
    const { words, redirects, documents, start } = part;
    const [program = ''] = words;
    if (!part.isArray && words.length + redirects.length > 0) {
      const line = this.#lineOf(start);
      this.#commands.push({ words, redirects, documents, line, isSure: this.#isSure, joiner });
    }
    if (joiner === '||' || (joiner === '&&' && !neutral.test(program))) this.#isSure = false;
    Object.assign(part, { ...emptyPart(part.isArray), cases: part.cases, brackets: part.brackets });
  }

  #add(text: string): void {
    const part = this.#part;
    part.word = (part.word ?? '') + text;
  }
}
