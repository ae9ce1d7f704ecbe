/** Bounded reading of JSON that somebody else wrote. */

/** Deeper nesting than any hook output or context needs; far below what overflows a stack. */
export const maxJsonDepth = 64;

export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, so that `__proto__` and `constructor` are nothing special; undefined when absent. */
export function ownProperty(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A JSON string, or a bracket outside of one. An unclosed string reaches to the end. */
const stringOrBracket = /"(?:[^"\\]|\\[^])*(?:"|$)|[[\]{}]/g;

/** The deepest nesting of brackets outside of strings. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(stringOrBracket)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth--;
  }
  return deepest;
}
