/** Bounded reading of JSON that somebody else wrote. */

/** Deeper nesting than any hook output or context needs; far below what overflows a stack. */
export const maxJsonDepth = 64;

export type JsonObject = { readonly [key: string]: unknown };

/** A plain object: not what YAML makes of its tags for dates, sets and ordered maps. */
export function isJsonObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** An own property, so that `__proto__` and `constructor` are nothing special; undefined when absent. */
export function ownProperty(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What a dotted path leads to; undefined when it leads nowhere. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  let start = 0;
  // No split: dozens of paths are looked up in every output, and most of them end at their first step.
  for (let dot = path.indexOf('.'); dot >= 0 && value !== undefined; dot = path.indexOf('.', start)) {
    value = ownProperty(value, path.slice(start, dot));
    start = dot + 1;
  }
  return ownProperty(value, path.slice(start));
}

const quoteCode = 0x22;
const backslashCode = 0x5c;

/** The deepest nesting of brackets outside of strings. A loop: regular expressions overflow on megabytes. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quoteCode:
        at = endOfString(text, at);
        break;
      case 0x7b: // {
      case 0x5b: // [
        deepest = Math.max(deepest, ++depth);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      default:
    }
  }
  return deepest;
}

/** Index of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quoteCode) return at;
    if (code === backslashCode) at++;
  }
  return text.length;
}
