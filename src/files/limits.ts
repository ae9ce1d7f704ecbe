/**
 * Messages about texts of hooks, tests or tokens that exceed protocol/limits.ts. Every limit is
 * counted by loops before a recursive parser reads the text: a stack overflow cannot be caught
 * safely, because V8 ends the process when it compiles a regular expression on a full stack.
 */
import { documentLimits } from '../protocol/limits.ts';

/** Keys of mappings and indices of lists, from the root of a document. */
export type Path = readonly (string | number)[];

/** A mistake at a place of a text. */
export interface Fault {
  /** Index into the text. */
  readonly offset: number;
  /** Path of the value, where parsing got far enough to know it. */
  readonly path?: Path;
  readonly message: string;
}

export function tooMany(what: string, limit: number, fix = 'split it'): string {
  return `The file has more than ${limit} ${what}: ${fix}.`;
}

export const tooDeep = `The file is nested deeper than ${documentLimits.depth} levels: make it flatter.`;

/** The fault of a text that is too large to be read. */
export function sizeFault(text: string): Fault | undefined {
  // A UTF-16 unit takes at most three bytes, so the bytes of most texts need not be counted.
  if (text.length * 3 <= documentLimits.bytes) return undefined;
  const bytes = Buffer.byteLength(text);
  if (bytes <= documentLimits.bytes) return undefined;
  return {
    offset: 0,
    message: `The file has ${bytes} bytes; ${documentLimits.bytes} are the most: split it.`,
  };
}
