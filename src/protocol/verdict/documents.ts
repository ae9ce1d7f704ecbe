/** From the bytes that a script printed to the JSON object among them, if there is one. */
import { messageOf } from '../../errors.ts';
import type { DocumentRule } from '../dialect.ts';
import { isJsonObject, type JsonObject, maxJsonDepth, ownProperty } from '../json.ts';
import { type JsonLimits, type JsonScan, scanJson } from '../json-scan.ts';

/** What kind of text it is that is no object. */
export type Shape = 'plainText' | 'broken' | 'array' | 'scalar';

/** Of one output. More is malformed: to read it takes time that belongs to other hooks. */
export const outputLimits = { depth: maxJsonDepth, values: 10_000 } as const satisfies JsonLimits;
/** Lines of progress that are taken out; control lines that are looked at from the start, and as many up to the end. */
export const maxMarkedLines = 1_000;

/** What a text is that is no object. */
export interface NotFound {
  readonly object?: undefined;
  readonly shape: Shape;
  readonly why: string;
  /** An object that JSON.parse would read in one of several ways, or that exceeds a limit. */
  readonly partial?: string;
  /** What a JSON string holds. */
  readonly inner?: string;
}

export type Found = { readonly object: JsonObject } | NotFound;

/** Strict first; what has broken bytes is read with replacement characters, so that a block is not lost. */
export function decodeOutput(bytes: Uint8Array): { text: string; exact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), exact: false };
  }
}

const control = 'HOOK_CONTROL\t';

export interface ControlLines {
  /** What they hold that is not blank, the first one first: 1,000 of them, and the last 1,000. */
  readonly texts: readonly string[];
  /** There are more. */
  readonly over: boolean;
  /** What stands beside them. */
  readonly rest: string;
}

/** Takes the control lines out of a text. */
export function controlLines(text: string): ControlLines {
  const starts: number[] = [];
  for (let at = text.indexOf(control); at >= 0; at = text.indexOf(control, at + control.length)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') starts.push(at);
  }
  // A line ends where the next one begins, so that no character is read twice.
  const lines = starts.map((start, index) => {
    const piece = text.slice(start, starts[index + 1]);
    return piece.slice(0, endOfLine(piece, 0));
  });
  const rest = lines.map((line, index) => text.slice(Number(starts[index]) + line.length, starts[index + 1]));
  const texts = lines.map((line) => line.slice(control.length)).filter((one) => one.trim() !== '');
  const over = texts.length > 2 * maxMarkedLines;
  return {
    texts: over ? [...texts.slice(0, maxMarkedLines), ...texts.slice(-maxMarkedLines)] : texts,
    over,
    rest: text.slice(0, starts[0]) + rest.join(''),
  };
}

/** The text without its lines of progress. `over`: there are more than 1,000, and the rest of them stays. */
export function withoutProgress(text: string): { readonly text: string; readonly over: boolean } {
  const kept: string[] = [];
  let from = 0;
  let at = text.indexOf('progress');
  for (let lines = 0; at >= 0 && lines < maxMarkedLines; lines++) {
    const start = Math.max(from, text.lastIndexOf('\n', at) + 1);
    const end = endOfLine(text, at);
    const isProgress = ownProperty(parseBounded(text.slice(start, end)), 'type') === 'progress';
    kept.push(text.slice(from, isProgress ? start : end));
    from = end;
    at = text.indexOf('progress', end);
  }
  return { text: kept.join('') + text.slice(from), over: at >= 0 };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The object that the whole text is, or what else it is. */
export function findObject(rules: readonly DocumentRule[], text: string): Found {
  const scan = scanJson(text, outputLimits);
  const partial = text.trimStart().startsWith('{') ? { partial: text } : {};
  if (scan.over !== undefined) return { shape: 'broken', why: tooMuch(scan.over), ...partial };
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return noObject(rules, value);
    return scan.duplicate === undefined ? { object: value } : { shape: 'broken', why: twice(scan), ...partial };
  } catch (error) {
    const looksLikeJson = /^[{[]/.test(text.trimStart());
    return { shape: looksLikeJson ? 'broken' : 'plainText', why: messageOf(error) };
  }
}

/** Some print their object as a JSON string. */
function noObject(rules: readonly DocumentRule[], value: unknown): Found {
  const inner = typeof value === 'string' && rules.includes('json-string') ? findObject([], value) : undefined;
  if (inner?.object !== undefined || inner?.partial !== undefined) return inner;
  const why = 'it is JSON, but not an object';
  return typeof value === 'string'
    ? { shape: 'scalar', why, inner: value }
    : { shape: Array.isArray(value) ? 'array' : 'scalar', why };
}

function tooMuch(over: keyof JsonLimits): string {
  return over === 'depth'
    ? `it is nested deeper than ${outputLimits.depth} levels`
    : `it has more than ${outputLimits.values} values`;
}

function twice({ duplicate }: JsonScan): string {
  return `the key ${duplicate} is there twice`;
}

/** undefined for what is no JSON, exceeds a limit, or has a key twice. */
export function parseBounded(text: string): unknown {
  const { over, duplicate } = scanJson(text, outputLimits);
  if (over !== undefined || duplicate !== undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
