/** Bounded reading of JSON from untrusted sources. */

/** Deeper nesting than any hook output or context needs; far below what overflows a stack. */
export const maxJsonDepth = 64;

export type JsonObject = { readonly [key: string]: unknown };

/**
 * Whether a value is a plain object, and not one that YAML makes of its tags for dates, sets and
 * ordered maps.
 */
export function isJsonObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * An own property, so that `__proto__` and `constructor` are names like any other; undefined when
 * absent.
 */
export function ownProperty(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value at a dotted path; undefined when there is none. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  let start = 0;
  // No split: dozens of paths are looked up in every output, and most of them end at their first
  // step.
  for (
    let dot = path.indexOf('.');
    dot >= 0 && value !== undefined;
    dot = path.indexOf('.', start)
  ) {
    value = ownProperty(value, path.slice(start, dot));
    start = dot + 1;
  }
  return ownProperty(value, path.slice(start));
}

const quoteCode = 0x22;
const backslashCode = 0x5c;

/** The deepest nesting of brackets outside of strings. */
export function jsonDepth(text: string): number {
  return jsonCounts(text).depth;
}

export interface JsonCounts {
  /** The deepest nesting of brackets. */
  readonly depth: number;
  /** The number of values, plus one for each pair of brackets that contains only blanks. */
  readonly values: number;
}

/**
 * Counts the brackets and commas outside of strings and does not compare names: it takes half the
 * time of scanJson, for callers that need no more. It is a loop because regular expressions
 * overflow on megabytes.
 */
export function jsonCounts(text: string): JsonCounts {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quoteCode:
        at = endOfString(text, at);
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (!isClosing(text.charCodeAt(at + 1))) values++;
        if (++depth > deepest) deepest = depth;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      default:
    }
  }
  return { depth: deepest, values };
}

function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x5d;
}

/** Index of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = end;
    while (text.charCodeAt(slashes - 1) === backslashCode) slashes--;
    if ((end - slashes) % 2 === 0) return end;
  }
  return text.length;
}
