/**
 * What is told of a text that exceeds protocol/limits.ts. What a text of hooks, tests or tokens may hold. All of it is counted by loops before anything recursive reads: a
 * stack that overflows cannot be caught safely, because V8 ends the process where it compiles an expression on a full
 * stack.
 */
import { documentLimits } from '../protocol/limits.ts';

/** Keys of mappings and indices of lists, from the root of a document. */
export type Path = readonly (string | number)[];

/** Something that is wrong at a place of a text. */
export interface Fault {
  /** Index into the text. */
  readonly offset: number;
  /** Of the value, where the text was read so far that it is known. */
  readonly path?: Path;
  readonly message: string;
}

export function tooMany(what: string, limit: number, fix = 'split it'): string {
  return `The file has more than ${limit} ${what}: ${fix}.`;
}

export const tooDeep = `The file is nested deeper than ${documentLimits.depth} levels: make it flatter.`;

/** What keeps a text from being read at all. */
export function sizeFault(text: string): Fault | undefined {
  // A character has at most three bytes: most texts need not be counted.
  if (text.length * 3 <= documentLimits.bytes) return undefined;
  const bytes = Buffer.byteLength(text);
  if (bytes <= documentLimits.bytes) return undefined;
  return { offset: 0, message: `The file has ${bytes} bytes; ${documentLimits.bytes} are the most: split it.` };
}
