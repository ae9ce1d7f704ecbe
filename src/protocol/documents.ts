/** From the bytes that a script printed to the JSON object among them, if there is one. */
import { messageOf } from '../errors.ts';
import type { DocumentRule } from './dialect.ts';
import { isJsonObject, type JsonObject, jsonDepth, maxJsonDepth, ownProperty } from './json.ts';

/** What kind of text it is that is no object. */
export type Shape = 'plainText' | 'broken' | 'array' | 'scalar';

export type Found =
  | { readonly object: JsonObject }
  | { readonly object?: undefined; readonly shape: Shape; readonly why: string };

/** Strict first; what has broken bytes is read with replacement characters, so that a block is not lost. */
export function decodeOutput(bytes: Uint8Array): { text: string; exact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), exact: false };
  }
}

const controlLine = /^HOOK_CONTROL\t(.*?)\r?$/gm;

/** The text that holds the verdict, as far as the dialect knows a mark for it. */
export function verdictText(rules: readonly DocumentRule[], text: string): string {
  if (rules.includes('control-line')) {
    const marked = [...text.matchAll(controlLine)].at(-1);
    if (marked !== undefined) return String(marked[1]);
  }
  if (!rules.includes('progress-lines')) return text;
  const lines = text.split('\n').filter((line) => ownProperty(parseJson(line), 'type') !== 'progress');
  return lines.join('\n');
}

/** The object that the whole text is, or what else it is. */
export function findObject(rules: readonly DocumentRule[], text: string): Found {
  const first = text.trim().slice(0, 1);
  if (jsonDepth(text) > maxJsonDepth) return { shape: 'broken', why: `it is nested deeper than ${maxJsonDepth} levels` };
  try {
    const value: unknown = JSON.parse(text);
    const inner = typeof value === 'string' && rules.includes('json-string') ? parseJson(value) : value;
    if (isJsonObject(inner)) return { object: inner };
    return { shape: Array.isArray(value) ? 'array' : 'scalar', why: 'it is JSON, but not an object' };
  } catch (error) {
    return { shape: first === '{' || first === '[' ? 'broken' : 'plainText', why: messageOf(error) };
  }
}

/** The objects that stand on a line of their own. */
export function objectLines(text: string): JsonObject[] {
  return text.split('\n').flatMap((line) => {
    const value = parseJson(line);
    return isJsonObject(value) ? [value] : [];
  });
}

/** undefined for what is no JSON, or too deep. */
function parseJson(text: string): unknown {
  if (jsonDepth(text) > maxJsonDepth) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
