/** From places in a JSON text to what stands there: one pass over the text for all of them, without recursion. */
import { pointerTo } from './body.ts';

/** Line and column, from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The JSON pointer to each place. */
export function pointersAt(json: string, places: readonly TextPlace[]): string[] {
  const offsets = offsetsOf(json, places);
  const found = new Map<number, string>();
  const walk = new Walk(json);
  for (const offset of [...offsets].sort((one, other) => one - other)) found.set(offset, walk.to(offset));
  return offsets.map((offset) => String(found.get(offset)));
}

function offsetsOf(json: string, places: readonly TextPlace[]): number[] {
  const starts = [0];
  const last = places.reduce((most, { line }) => Math.max(most, line), 1);
  while (starts.length < last) starts.push(json.indexOf('\n', starts.at(-1)) + 1);
  return places.map(({ line, column }) => Number(starts[line - 1]) + column - 1);
}

interface Level {
  /** Name or index of what is being read; empty before the first name. */
  key: string | number;
  readonly isObject: boolean;
}

class Walk {
  readonly #json: string;
  readonly #open: Level[] = [];
  #at = 0;
  /** The next text is the name of a member. */
  #isName = false;

  constructor(json: string) {
    this.#json = json;
  }

  /** The value, or the member, that begins at an offset or holds it. Offsets in order. */
  to(offset: number): string {
    while (this.#at < this.#json.length) {
      const end = this.#endOfToken();
      const char = this.#json.charAt(this.#at);
      if (char === '"' && this.#isName) this.#nameMember(end);
      // What an opening bracket stands for is the value itself.
      if (end > offset && char.trim() !== '') break;
      this.#step(char);
      this.#at = end;
    }
    return pointerTo(this.#open.flatMap(({ key }) => (key === '' ? [] : [key])));
  }

  #step(char: string): void {
    const top = this.#open.at(-1);
    if (char === '{' || char === '[') this.#open.push({ key: char === '{' ? '' : 0, isObject: char === '{' });
    if (char === '}' || char === ']') this.#open.pop();
    if (char === ',' && top !== undefined && !top.isObject) top.key = Number(top.key) + 1;
    if (char === '{' || (char === ',' && top?.isObject === true)) this.#isName = true;
    else if (char.trim() !== '') this.#isName = false;
  }

  #nameMember(end: number): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.key = nameIn(this.#json.slice(this.#at, end));
  }

  #endOfToken(): number {
    const start = this.#at;
    if (this.#json.charAt(start) !== '"') return start + 1;
    let at = start + 1;
    while (at < this.#json.length && this.#json.charAt(at) !== '"') at += this.#json.charAt(at) === '\\' ? 2 : 1;
    return at + 1;
  }
}

function nameIn(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
