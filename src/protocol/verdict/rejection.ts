/**
 * Finds rejections in an output that is not one JSON object: behind or before other text, in an
 * array, in a JSON string, among several objects. Milder verdicts are only reported as possible.
 */

import type { Dialect } from '../dialect.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { scanJson } from '../json-scan.ts';
import { endOfValue } from '../json-tokens.ts';
import { hasVerdict, saysNo } from './claims.ts';
import { outputLimits } from './output-json.ts';
import { verdictPaths } from './spellings.ts';
import { strictestObject } from './strictest.ts';

/** The most opening braces that are tried from the start of a text, and again up to its end. */
const mostStarts = 500;
/** The limits of all tries together: characters scanned, and values read. */
const mostChars = 1 << 20;
const mostValues = 2 * outputLimits.values;
/** The cost of the strictest reading of an object, in values: 20 microseconds. */
const strictValues = 50;
/** Characters between a quote and the brace of its object, and between a key and its colon. */
const mostPrefix = 32;
/** The most mentions of one name that are checked. */
const mostMentions = 1_000;
/** The deepest nesting of JSON strings inside of JSON strings. */
const mostQuotes = 4;

export interface Search {
  /** The first object that rejects. */
  readonly rejection?: JsonObject;
  /** Why the texts may still hold a verdict. */
  readonly unclear?: string;
  /** A part of the texts was not searched and may hold a rejection. */
  readonly isPartial?: true;
}

interface Budget {
  chars: number;
  values: number;
}

/**
 * Finds a rejection in the first of the texts that holds one. Linear in the texts, because the
 * tries are limited in number and in sum. The texts share these limits, but for that of the opening
 * braces.
 */
export function findRejection(
  dialect: Dialect,
  texts: readonly string[],
  event: string | undefined,
): Search {
  return new RejectionSearch(dialect, event).in(texts);
}

class RejectionSearch {
  readonly #dialect: Dialect;
  readonly #event: string | undefined;
  readonly #left: Budget = { chars: mostChars, values: mostValues };
  #unclear: string | undefined;
  #isPartial = false;

  constructor(dialect: Dialect, event: string | undefined) {
    this.#dialect = dialect;
    this.#event = event;
  }

  in(texts: readonly string[]): Search {
    for (const text of texts) {
      const rejection = this.#among(text, mostQuotes);
      if (rejection !== undefined) return { rejection };
    }
    const unclear = this.#unclear === undefined ? {} : { unclear: this.#unclear };
    return this.#isPartial ? { ...unclear, isPartial: true } : unclear;
  }

  #passesOver(why: string): void {
    this.#unclear ??= why;
    this.#isPartial = true;
  }

  #among(text: string, quotes: number): JsonObject | undefined {
    let behind = 0;
    for (const start of this.#starts(text)) {
      if (start < behind) continue;
      const found = this.#at(text, start, quotes);
      if (found.rejection !== undefined) return found.rejection;
      behind = found.behind;
    }
    return undefined;
  }

  /**
   * The indices at which objects may begin; the middle of a text with too many of them is skipped.
   */
  #starts(text: string): number[] {
    const first: number[] = [];
    let at = text.indexOf('{');
    for (; at >= 0 && first.length < mostStarts; at = text.indexOf('{', at + 1)) first.push(at);
    if (at < 0) return first;
    const last: number[] = [];
    let end = text.lastIndexOf('{');
    for (; end >= at && last.length < mostStarts; end = text.lastIndexOf('{', end - 1))
      last.push(end);
    if (end >= at) this.#passesOver(`it has more than ${2 * mostStarts} opening braces`);
    return [...first, ...last.toReversed()];
  }

  /** Checks the object that begins at `start`, and the JSON string that may hold its text. */
  #at(text: string, start: number, quotes: number): { rejection?: JsonObject; behind: number } {
    const quoted = quotes > 0 ? quoteBefore(text, start) : -1;
    const string = quoted < 0 ? undefined : this.#read(text, quoted)?.value;
    const inside = typeof string === 'string' ? this.#among(string, quotes - 1) : undefined;
    if (inside !== undefined) return { rejection: inside, behind: start };
    const read = this.#read(text, start);
    if (!isJsonObject(read?.value)) return { behind: start + 1 };
    if (saysNo(this.#dialect, read.value)) return { rejection: read.value, behind: read.end };
    if (hasVerdict(read.value)) this.#unclear ??= 'a verdict stands beside other text';
    return { behind: read.end };
  }

  /**
   * The JSON value at `start`; for an object that exceeds a limit, or has a key twice, its
   * strictest reading.
   */
  #read(
    text: string,
    start: number,
  ): { readonly value: unknown; readonly end: number } | undefined {
    const left = this.#left;
    if (left.chars <= 0 || left.values <= 0) {
      this.#passesOver(
        `it has more than ${mostChars} characters or ${mostValues} values to look through`,
      );
      return undefined;
    }
    const scan = scanJson(
      text,
      { ...outputLimits, values: Math.min(outputLimits.values, left.values) },
      start,
    );
    left.chars -= scan.stop - start;
    left.values -= scan.values;
    if (scan.over !== undefined || scan.duplicate !== undefined) {
      const closed = scan.end ?? endOfValue(text, start);
      const end = closed < 0 ? text.length : closed;
      left.chars -= 2 * (end - start);
      left.values -= strictValues;
      return { value: strictestObject(this.#dialect, text, this.#event, start), end };
    }
    return (
      parsed(text, start, scan.end) ??
      this.#beforeFault(text.slice(start, scan.stop).trimEnd(), start, scan.values)
    );
  }

  /**
   * The rejection before the fault of JSON that is broken by an extra quote, a line break or its
   * early end.
   */
  #beforeFault(
    text: string,
    start: number,
    values: number,
  ): { readonly value: unknown; readonly end: number } | undefined {
    // A single value is the object itself.
    if (values === 1) return undefined;
    this.#left.values -= strictValues;
    const value = strictestObject(this.#dialect, text, this.#event);
    return saysNo(this.#dialect, value) ? { value, end: start + 1 } : undefined;
  }
}

function parsed(
  text: string,
  start: number,
  end: number | undefined,
): { readonly value: unknown; readonly end: number } | undefined {
  if (end === undefined) return undefined;
  try {
    return { value: JSON.parse(text.slice(start, end)), end };
  } catch {
    return undefined;
  }
}

/**
 * The quote that begins a JSON string whose text begins with the object; -1 where there is none.
 */
function quoteBefore(text: string, start: number): number {
  for (let at = start - 1; at >= 0 && at >= start - mostPrefix; at--) {
    if (text[at] === '"' && text[at - 1] !== '\\') return at;
    if (!' \n\t\\"['.includes(String(text[at]))) return -1;
  }
  return -1;
}

const verdictNames: readonly string[] = [
  ...new Set(verdictPaths.map((path) => path.slice(path.lastIndexOf('.') + 1))),
];

/**
 * Whether a text that is not JSON may be an intended verdict: it has a brace, and the name of a
 * verdict before a colon or an equals sign, as in `{decision: 'block'}` and in JSON that was
 * truncated or has an extra quote.
 */
export function mentionsVerdict(text: string): boolean {
  return text.includes('{') && verdictNames.some((name) => isMentioned(text, name));
}

function isMentioned(text: string, name: string): boolean {
  let at = text.indexOf(name);
  for (let tries = 0; at >= 0; at = text.indexOf(name, at + 1)) {
    // More mentions than the limit count as a verdict.
    if (++tries > mostMentions || isKey(text, at, at + name.length)) return true;
  }
  return false;
}

function isKey(text: string, start: number, end: number): boolean {
  if (/\w/.test(text.charAt(start - 1))) return false;
  return /^[\\"'`\s]*[:=]/.test(text.slice(end, end + mostPrefix));
}
