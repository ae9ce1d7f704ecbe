/** The results of the cases, from which every report is made. */
import type { Decision } from '../../protocol/decision.ts';
import { exitCodes } from '../command.ts';

/** One expectation that did not hold. */
export interface Mismatch {
  /** The key of `expect`. */
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * `error`: the case could not be run, and nothing is known about the guard. `skipped`: an earlier
 * case did not pass (--bail).
 */
export type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

/** The place of a case, or of a hook that no case reaches. */
export interface Subject {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** What came of the runs of a case with --repeat. */
export interface Repeated {
  readonly runs: number;
  /** Runs in which all expectations held. */
  readonly held: number;
  /** Their share of all runs, from 0 to 1. */
  readonly rate: number;
}

/** What came of the runs of a blocking case with hostile texts in its context. */
interface Injected {
  readonly runs: number;
  /** The texts with which the decision was another one. */
  readonly changed: readonly { readonly id: string; readonly decision: string }[];
}

export interface CaseResult extends Subject {
  readonly outcome: Outcome;
  readonly mismatches: readonly Mismatch[];
  /** Why the case could not be run. */
  readonly message?: string | undefined;
  /** Milliseconds of the evaluation, without the wait for a sandbox. */
  readonly durationMs: number;
  /** Absent without --repeat. */
  readonly repeated?: Repeated | undefined;
  /** Absent without --inject, and for cases that expect no block. */
  readonly injected?: Injected | undefined;
  /** Absent when the case was not run. */
  readonly decision?: Decision | undefined;
}

/** A hook of a tested file. */
export interface HookPlace {
  readonly file: string;
  readonly line: number;
  readonly event: string;
  readonly hook: string;
}

export interface Report {
  readonly results: readonly CaseResult[];
  /**
   * Hooks that no case ran; undefined when only some of the cases ran, because the coverage is then
   * unknown.
   */
  readonly unreached: readonly HookPlace[] | undefined;
  readonly durationMs: number;
}

export type Counts = Readonly<Record<Outcome, number>>;

export function count(results: readonly CaseResult[]): Counts {
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}

/** An infrastructure error outranks a failed case, because the engine has to be repaired first. */
export function exitCodeOf(results: readonly CaseResult[]): number {
  const counts = count(results);
  if (counts.error > 0) return exitCodes.unavailable;
  return counts.failed > 0 ? exitCodes.failed : exitCodes.ok;
}

/** For --require-coverage: an unreached hook is a failed case, in every report. */
export function asFailure({ file, line, event, hook }: HookPlace): CaseResult {
  const mismatch = { field: 'coverage', expected: 'a case that runs this hook', actual: 'none' };
  return {
    file,
    line,
    name: `the ${event} hook ${hook} is tested`,
    outcome: 'failed',
    mismatches: [mismatch],
    durationMs: 0,
  };
}
