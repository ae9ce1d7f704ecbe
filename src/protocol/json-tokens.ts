/**
 * The tokens of JSON text: where a string, a scalar or a whole value ends. Every function is linear
 * in the characters that it steps over, and none recurses.
 */

export const comma = 0x2c;
export const colon = 0x3a;
export const quote = 0x22;
const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/**
 * The first characters of a string, which are compared one by one: for so few, a search costs more
 * than it saves.
 */
const shortString = 24;

/** Index behind a value, found from its brackets and strings only; -1 where it does not end. */
export function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first !== openBrace && first !== openBracket) return endOfScalar(text, start);
  let depth = 0;
  for (let at = start; at >= 0 && at < text.length; ) {
    const code = text.charCodeAt(at);
    at = code === quote ? endOfString(text, at) : at + 1;
    // Most characters of JSON texts have smaller codes than the brackets.
    if (code >= openBracket) depth += nesting(code);
    if (depth === 0) return at;
  }
  return -1;
}

function nesting(code: number): 1 | 0 | -1 {
  if (code === openBrace || code === openBracket) return 1;
  return code === closeBrace || code === closeBracket ? -1 : 0;
}

/** Index behind a string, number or literal; -1 where there is none. */
export function endOfScalar(text: string, start: number): number {
  if (text.charCodeAt(start) === quote) return endOfString(text, start);
  let at = start;
  while (isOfWord(text.charCodeAt(at))) at++;
  return at === start ? -1 : at;
}

/** Whether a character can be part of a number or of the literals true, false and null. */
function isOfWord(code: number): boolean {
  const isDigitOrSign =
    (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e;
  return isDigitOrSign || (code >= 0x61 && code <= 0x7a) || code === 0x45;
}

/** Index behind the closing quote; -1 where no string begins or it does not end. */
export function endOfString(text: string, start: number): number {
  if (text.charCodeAt(start) !== quote) return -1;
  let at = start + 1;
  for (const near = at + shortString; at < near; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at++;
  }
  // Most long strings have no escaped quote.
  const end = text.indexOf('"', at);
  if (end < 0 || text.charCodeAt(end - 1) !== backslash) return end < 0 ? -1 : end + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at++;
  }
  return -1;
}

/** Index of the first character from `start` on that is no JSON whitespace. */
export function skipBlanks(text: string, start: number): number {
  const { length } = text;
  let at = start;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09))
      return at;
  }
  return at;
}

/** The name between two quotes; unchanged where its escapes are broken. */
export function nameAt(text: string, start: number, end: number): string {
  const name = text.slice(start + 1, end - 1);
  if (!name.includes('\\')) return name;
  try {
    return String(JSON.parse(text.slice(start, end)));
  } catch {
    return name;
  }
}
