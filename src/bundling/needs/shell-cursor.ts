/** A position in a shell text that only goes forward. */
import type { Document } from './shell-part.ts';

export class ShellCursor {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Text up to an end character, which is passed; to the end of the text where it is missing. */
  protected upTo(end: string, skip: number): string {
    const start = this.at + skip;
    const found = this.text.indexOf(end, start);
    this.at = found === -1 ? this.text.length : found + 1;
    return this.text.slice(start, found === -1 ? undefined : found);
  }

  protected skipLine(): void {
    this.at = this.lineEnd();
  }

  protected lineEnd(): number {
    const found = this.text.indexOf('\n', this.at);
    return found === -1 ? this.text.length : found;
  }

  protected next(length: number): string {
    return this.text.slice(this.at, this.at + length);
  }

  protected take(length: number): string {
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }

  /** Text of `((…))` after its start, with the start. */
  protected arithmetic(length: number): string {
    const start = this.at;
    this.at += length;
    for (let open = 2; this.at < this.text.length && open > 0; this.at++) {
      const char = this.text.charAt(this.at);
      if (char === '(') open++;
      if (char === ')') open--;
    }
    return this.text.slice(start, this.at);
  }

  /** Text of `$'…'`. */
  protected ansiString(): string {
    this.at += 2;
    let text = '';
    while (this.at < this.text.length && this.text.charAt(this.at) !== "'")
      text += this.take(this.text.charAt(this.at) === '\\' ? 2 : 1);
    this.at++;
    return text;
  }

  /** Text of a here-document. */
  protected body(document: Document): void {
    const start = this.at;
    while (this.at < this.text.length) {
      const [lineStart, lineEnd] = [this.at, this.lineEnd()];
      this.at = Math.min(lineEnd + 1, this.text.length);
      if (this.text.slice(lineStart, lineEnd).trim() === document.end) {
        document.text = this.text.slice(start, lineStart);
        return;
      }
    }
    document.text = this.text.slice(start);
  }

  /** Skips a pattern of `case` with its bracket; stops before `esac`. */
  protected pattern(): void {
    this.#skipBlank();
    if (/^esac(?!\w)/.test(this.next(5))) return;
    if (this.next(1) === '(') this.at++;
    while (this.at < this.text.length && this.text.charAt(this.at) !== ')') {
      const char = this.text.charAt(this.at);
      if (char === "'" || char === '"') this.upTo(char, 1);
      else this.at += char === '\\' ? 2 : 1;
    }
    this.at++;
  }

  /** Blanks, lines and comments. */
  #skipBlank(): void {
    for (let char = this.next(1); char !== ''; char = this.next(1)) {
      if (char === '#') this.skipLine();
      else if (/\s/.test(char)) this.at++;
      else return;
    }
  }
}
