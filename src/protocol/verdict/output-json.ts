/** Finds the JSON object in the bytes that a script printed. */
import { messageOf } from '../../errors.ts';
import { isJsonObject, type JsonObject, maxJsonDepth, ownProperty } from '../json.ts';
import { type JsonLimits, type JsonScan, scanJson } from '../json-scan.ts';
import type { DocumentRule } from '../output-rules.ts';

/** The kind of a text that is not an object. */
export type Shape = 'plainText' | 'broken' | 'array' | 'scalar';

/**
 * Limits of one output. A larger one is malformed, because reading it takes time that belongs to
 * other hooks.
 */
export const outputLimits = { depth: maxJsonDepth, values: 10_000 } as const satisfies JsonLimits;
/**
 * The most progress lines that are removed, and the most control lines that are read from the start
 * and again from the end.
 */
export const maxMarkedLines = 1_000;

/** A text that is not an object. */
export interface NotFound {
  readonly object?: undefined;
  readonly shape: Shape;
  readonly why: string;
  /**
   * The text of an object that JSON.parse would read in one of several ways, or that exceeds a
   * limit.
   */
  readonly partial?: string;
  /** The content of a JSON string. */
  readonly inner?: string;
}

export type Found = { readonly object: JsonObject } | NotFound;

/**
 * Decodes strictly first; bytes that are not UTF-8 are decoded with replacement characters, so that
 * a block is not lost.
 */
export function decodeOutput(bytes: Uint8Array): { text: string; exact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), exact: false };
  }
}

const control = 'HOOK_CONTROL\t';

export interface ControlLines {
  /**
   * The contents of the lines that are not blank, in their order; of more than 2,000 the first
   * 1,000 and the last 1,000.
   */
  readonly texts: readonly string[];
  /** There are more than 2,000. */
  readonly over: boolean;
  /** The text outside of the control lines. */
  readonly rest: string;
}

/** Separates the control lines of a text from the rest. */
export function controlLines(text: string): ControlLines {
  const starts: number[] = [];
  for (let at = text.indexOf(control); at >= 0; at = text.indexOf(control, at + control.length)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') starts.push(at);
  }
  // Each line is cut at the start of the next one before its end is searched, so that no character
  // is read twice.
  const lines = starts.map((start, index) => {
    const piece = text.slice(start, starts[index + 1]);
    return piece.slice(0, endOfLine(piece, 0));
  });
  const rest = lines.map((line, index) =>
    text.slice(Number(starts[index]) + line.length, starts[index + 1]),
  );
  const texts = lines.map((line) => line.slice(control.length)).filter((one) => one.trim() !== '');
  const over = texts.length > 2 * maxMarkedLines;
  return {
    texts: over ? [...texts.slice(0, maxMarkedLines), ...texts.slice(-maxMarkedLines)] : texts,
    over,
    rest: text.slice(0, starts[0]) + rest.join(''),
  };
}

interface ProgressLines {
  /** The text without its progress lines. */
  readonly text: string;
  /** There are more than 1,000, and the rest of them stays. */
  readonly over: boolean;
  readonly taken: readonly JsonObject[];
}

export function withoutProgress(text: string): ProgressLines {
  const kept: string[] = [];
  const taken: JsonObject[] = [];
  let from = 0;
  let at = text.indexOf('progress');
  for (let lines = 0; at >= 0 && lines < maxMarkedLines; lines++) {
    const start = Math.max(from, text.lastIndexOf('\n', at) + 1);
    const end = endOfLine(text, at);
    const line = parseBounded(text.slice(start, end));
    const isProgress = isJsonObject(line) && ownProperty(line, 'type') === 'progress';
    if (isProgress) taken.push(line);
    kept.push(text.slice(from, isProgress ? start : end));
    from = end;
    at = text.indexOf('progress', end);
  }
  return { text: kept.join('') + text.slice(from), over: at >= 0, taken };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The object that the whole text is, or a description of the text instead. */
export function findObject(rules: readonly DocumentRule[], text: string): Found {
  const scan = scanJson(text, outputLimits);
  const partial = text.trimStart().startsWith('{') ? { partial: text } : {};
  if (scan.over !== undefined) return { shape: 'broken', why: tooMuch(scan.over), ...partial };
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return noObject(rules, value);
    return scan.duplicate === undefined
      ? { object: value }
      : { shape: 'broken', why: twice(scan), ...partial };
  } catch (error) {
    const looksLikeJson = /^[{[]/.test(text.trimStart());
    return { shape: looksLikeJson ? 'broken' : 'plainText', why: messageOf(error) };
  }
}

/** Some scripts print their object as a JSON string. */
function noObject(rules: readonly DocumentRule[], value: unknown): Found {
  const inner =
    typeof value === 'string' && rules.includes('json-string') ? findObject([], value) : undefined;
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

/** @returns undefined for a text that is not JSON, exceeds a limit, or has a key twice. */
export function parseBounded(text: string): unknown {
  const { over, duplicate } = scanJson(text, outputLimits);
  if (over !== undefined || duplicate !== undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
