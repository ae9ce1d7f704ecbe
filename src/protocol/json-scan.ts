/**
 * Scans JSON text in one pass, without recursion and without building its values. The scan counts
 * depth and values before any other code reads the text, finds names that an object has twice, and
 * locates members, so that one can be replaced while every other byte stays.
 */

import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  endOfScalar,
  endOfString,
  endOfValue,
  nameAt,
  openBrace,
  openBracket,
  quote,
  skipBlanks,
} from './json-tokens.ts';

/** The limits of a text; the scan ends where the text exceeds one of them. */
export interface JsonLimits {
  /** Nested objects and arrays. */
  readonly depth: number;
  /** Objects, arrays, strings, numbers and literals, at every depth; names are not counted. */
  readonly values: number;
}

export interface JsonScan {
  /** Index behind the value; undefined where the text is broken or exceeds a limit. */
  readonly end: number | undefined;
  /** Index up to which the text was scanned. */
  readonly stop: number;
  /** Deepest nesting seen. */
  readonly depth: number;
  readonly values: number;
  /** The limit that the text exceeds. */
  readonly over: keyof JsonLimits | undefined;
  /**
   * JSON pointer of the first member whose name its object has already, in any spelling of escapes.
   */
  readonly duplicate: string | undefined;
}

/** A member of an object; indices into the text, ends are exclusive. */
export interface JsonMember {
  /** With its escapes resolved. */
  readonly name: string;
  /** The opening quote of the name. */
  readonly start: number;
  readonly valueStart: number;
  /** Also the end of the member. */
  readonly valueEnd: number;
}

/** The key of a level before its first member was read. */
const beforeFirst = -1;

/** Up to this number of names a list is searched, because a set costs more than it saves. */
const fewNames = 16;

/**
 * Scans the value that begins at `start`, skips blanks before it and ignores the text after it.
 * Linear in the text. A text without a fault may still have a number, literal or escape that
 * JSON.parse refuses.
 */
export function scanJson(text: string, limits: JsonLimits, start = 0): JsonScan {
  return new Scan(text, limits).from(start);
}

/**
 * The members of the object that begins at `start`, in their order, including equal names; at most
 * `most`. Returns none for a text that is not an object, and the members before the fault for a
 * broken one.
 */
export function members(text: string, start = 0, most = Number.POSITIVE_INFINITY): JsonMember[] {
  const found: JsonMember[] = [];
  let at = skipBlanks(text, start);
  if (text.charCodeAt(at) !== openBrace) return found;
  do {
    const name = skipBlanks(text, at + 1);
    const nameEnd = endOfString(text, name);
    const between = skipBlanks(text, nameEnd);
    if (nameEnd < 0 || text.charCodeAt(between) !== colon) return found;
    const valueStart = skipBlanks(text, between + 1);
    const valueEnd = endOfValue(text, valueStart);
    if (valueEnd < 0) return found;
    found.push({ name: nameAt(text, name, nameEnd), start: name, valueStart, valueEnd });
    at = skipBlanks(text, valueEnd);
  } while (text.charCodeAt(at) === comma && found.length < most);
  return found;
}

/**
 * The member that a path of names leads to from the root; of equal names the last, as in
 * JSON.parse.
 */
export function memberAt(text: string, path: readonly string[]): JsonMember | undefined {
  let found: JsonMember | undefined;
  for (const name of path) {
    found = members(text, found?.valueStart).findLast((member) => member.name === name);
    if (found === undefined) return undefined;
  }
  return found;
}

/** An object or array whose end was not reached yet. */
interface Level {
  readonly close: number;
  /** The names seen so far, of an object. */
  readonly names: string[];
  many: Set<string> | undefined;
  /** The name or index of the member that is being read. */
  key: string | number;
}

class Scan {
  readonly #text: string;
  readonly #limits: JsonLimits;
  readonly #open: Level[] = [];
  #at = 0;
  #isBroken = false;
  #depth = 0;
  #values = 0;
  #duplicate: string | undefined;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  from(start: number): JsonScan {
    this.#at = skipBlanks(this.#text, start);
    do {
      if (++this.#values > this.#limits.values) return this.#result('values');
      if (!this.#beginValue())
        return this.#result(this.#depth > this.#limits.depth ? 'depth' : undefined);
    } while (this.#toNextValue());
    return this.#result();
  }

  /**
   * Steps over a scalar or behind an opening bracket; false where there is no value or it is too
   * deep.
   */
  #beginValue(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    if (code !== openBrace && code !== openBracket)
      return this.#stepTo(endOfScalar(this.#text, this.#at));
    const close = code === openBrace ? closeBrace : closeBracket;
    this.#open.push({ close, names: [], many: undefined, key: beforeFirst });
    this.#depth = Math.max(this.#depth, this.#open.length);
    this.#at++;
    return this.#depth <= this.#limits.depth;
  }

  /**
   * Steps over ends, commas and names to the next value; false at the end of the whole or at a
   * fault.
   */
  #toNextValue(): boolean {
    for (let level = this.#open.at(-1); level !== undefined; level = this.#open.at(-1)) {
      this.#at = skipBlanks(this.#text, this.#at);
      const code = this.#text.charCodeAt(this.#at);
      if (code === level.close) {
        this.#open.pop();
        this.#at++;
        continue;
      }
      const isFirst = level.key === beforeFirst;
      if (!isFirst && code !== comma) return this.#fault();
      if (!isFirst) this.#at = skipBlanks(this.#text, this.#at + 1);
      if (level.close === closeBrace) return this.#readName(level);
      level.key = Number(level.key) + 1;
      return true;
    }
    return false;
  }

  #readName(level: Level): boolean {
    const start = this.#at;
    if (!this.#stepTo(endOfString(this.#text, start))) return false;
    level.key = nameAt(this.#text, start, this.#at);
    if (isRepeated(level, level.key)) this.#duplicate ??= this.#pointer();
    this.#at = skipBlanks(this.#text, this.#at);
    if (this.#text.charCodeAt(this.#at) !== colon) return this.#fault();
    this.#at = skipBlanks(this.#text, this.#at + 1);
    return true;
  }

  /**
   * Steps to the end of a scalar. A string that does not end counts as scanned up to the end of the
   * text.
   */
  #stepTo(end: number): boolean {
    const isOpen = end < 0 && this.#text.charCodeAt(this.#at) === quote;
    this.#at = isOpen ? this.#text.length : Math.max(this.#at, end);
    return end >= 0 || this.#fault();
  }

  #pointer(): string {
    return this.#open
      .map(({ key }) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
  }

  #fault(): boolean {
    this.#isBroken = true;
    return false;
  }

  #result(over?: keyof JsonLimits): JsonScan {
    const end = this.#isBroken || over !== undefined ? undefined : this.#at;
    return {
      end,
      stop: this.#at,
      depth: this.#depth,
      values: this.#values,
      over,
      duplicate: this.#duplicate,
    };
  }
}

/** Whether the object has the name already. Adds the name. */
function isRepeated(level: Level, name: string): boolean {
  if (level.names.length === fewNames) level.many ??= new Set(level.names);
  const isThere = level.many?.has(name) ?? level.names.includes(name);
  if (level.many === undefined) level.names.push(name);
  else level.many.add(name);
  return isThere;
}
