/** Looks into what a bridge printed, for the readers of the agents. */
import type { Answer } from '../../src/answering/answer-for.ts';

export type Read = 'block' | 'ask' | 'silent' | 'open';

// biome-ignore lint/suspicious/noExplicitAny: somebody else's JSON
export type Json = any;

/**
 * The whole of stdout as one object; 'blank' and 'text' are the other two things that it can be.
 */
export function stdoutOf({ stdout }: Answer): Json | 'blank' | 'text' {
  if (stdout.trim() === '') return 'blank';
  try {
    const value = JSON.parse(stdout);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : 'text';
  } catch {
    return 'text';
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null;
export const isBlank = (value: unknown) => typeof value !== 'string' || /^[\s\u0085]*$/.test(value);
export const ofWord = (word: unknown, deny: string): Read =>
  word === deny ? 'block' : word === 'ask' ? 'ask' : 'silent';
