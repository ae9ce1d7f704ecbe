/** One way to run a hook, from its context to its decision. */
import type { Closers } from '../closers.ts';
import type { BenchContext, Guard } from '../guards.ts';

export interface Contender {
  readonly name: string;
  /** Runs the guard once. Rejects if the answer is not the expected block. */
  readonly call: (guard: Guard, context: BenchContext) => Promise<void>;
}

/**
 * Whether a contender runs hookpool. A failure of hookpool ends the bench; a failure of another
 * contender is a result.
 */
export function isOurs(name: string): boolean {
  return /^(hookpool|bridge) /.test(name);
}

/** Why a contender does not take part. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** The environment that each contender gets when it is opened. */
export interface Surroundings {
  readonly image: string;
  /** The image of the profile `full`. */
  readonly fullImage: string;
  /** A temporary folder of this run. */
  readonly folder: string;
  readonly closers: Closers;
}

/** Thrown while opening a contender: the bench continues without it and prints the reason. */
export class NotHere extends Error {}
