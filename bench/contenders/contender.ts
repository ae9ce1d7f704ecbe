/** One way in which a hook can be run, from its context to its decision. */
import type { Closers } from '../closers.ts';
import type { BenchContext, Guard } from '../guards.ts';

export interface Contender {
  readonly name: string;
  /** Runs the guard once. Rejects for any other answer than the block that it has to give. */
  readonly call: (guard: Guard, context: BenchContext) => Promise<void>;
}

/** Whether a contender is a way to run hookpool. One of ours that fails ends the run; of another it is a fact. */
export function isOurs(name: string): boolean {
  return /^(hookpool|bridge) /.test(name);
}

/** Why a contender does not take part. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** What contenders find when they are opened. */
export interface Surroundings {
  readonly image: string;
  /** A folder of this run, which goes with it. */
  readonly folder: string;
  readonly closers: Closers;
}

/** Thrown by what opens a contender: the bench goes on without it and says why. */
export class NotHere extends Error {}
