/** The types of the outcome: the result of one hook, and the decision about one event. */
import { HookpoolError, messageOf } from '../errors.ts';
import type { Tier } from './dialect.ts';
import { type FailureCode, failureCodes, type HookErrorCode } from './failure-codes.ts';
import type { AskedFacts } from './request-facts.ts';
import type { Place, RunStatus } from './run.ts';
import type { LeftState } from './state.ts';

/**
 * `none`: no objection. `allow`: explicit approval. `ask`: a person has to decide. From strictest
 * to mildest: block, ask, allow, none.
 */
export const decisionKinds = ['block', 'ask', 'allow', 'none'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** The failure of a hook that did not run, or of whose run nothing is known. */
export interface Failure {
  /** `HOOK_CANCELLED`: the hook was cancelled before it had a sandbox. */
  readonly code: FailureCode | 'HOOK_CANCELLED';
  readonly message: string;
}

const everyFailureCode: readonly string[] = [
  ...failureCodes,
  'HOOK_CANCELLED',
] satisfies Failure['code'][];

/** Whether a text, such as the code of an error, is the code of a failure. */
export function isFailureCode(code: string): code is Failure['code'] {
  return everyFailureCode.includes(code);
}

/**
 * The failure of a hook that an error kept from running: `INTERNAL` where the error has no failure
 * code.
 */
export function failureOf(error: unknown): Failure {
  const code =
    error instanceof HookpoolError && isFailureCode(error.code) ? error.code : 'INTERNAL';
  return { code, message: messageOf(error) };
}

/** Why a result is what it is. */
export type Cause =
  | { readonly kind: 'exit-code'; readonly exitCode: number }
  | { readonly kind: 'output' }
  | {
      readonly kind: 'fail-mode';
      readonly code: HookErrorCode | FailureCode;
      readonly message: string;
    };

/** A note for the author of the hook or the output; it did not change the decision by itself. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
}

/** The facts of a run for people and audit records; texts are truncated to `outputHeadBytes`. */
export interface RunFacts {
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdoutHead: string;
  readonly stderrHead: string;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  readonly oomKills: number;
}

/**
 * The answer, a text, of a hook that is not a process. If `totalBytes` exceeds its length, the rest
 * was dropped.
 */
export interface Reply {
  readonly reply: Uint8Array;
  readonly totalBytes: number;
  /** How it is read; without any, like the output of a script. */
  readonly http?: HttpReading;
  readonly judge?: JudgeReading;
}

/** A verdict that is not in the words of a dialect. */
export interface Said {
  readonly decision: DecisionKind;
  readonly reason: string | undefined;
}

/** How the answer of a judge is read. */
export interface JudgeReading {
  /** Whether an approval counts. */
  readonly mayOverride: boolean;
  /** Whether a rejection may end the turn. */
  readonly mayStop: boolean;
  /** Whether code fences may stand around the verdict. */
  readonly isFenced: boolean;
}

/** How the answer of an http hook is read. */
export interface HttpReading {
  /** Whether it may approve, rewrite and override. */
  readonly mayGrant: boolean;
  /** The verdict, where the body is not read for one. */
  readonly said?: Said | undefined;
}

/** A hook that gave no answer which can be read, by its own fault. */
export interface HookError {
  readonly code: HookErrorCode;
  readonly message: string;
}

/** The facts of a reply, as RunFacts has those of a run. */
interface ReplyFacts {
  readonly status: 'replied';
  readonly replyHead: string;
  readonly replyTruncated: boolean;
}

/** The facts by the kind of the hook's action; `status` tells them apart. */
export type HookFacts = RunFacts | ReplyFacts;

/** The facts of a process; undefined for a reply, and for a hook that never ran. */
export function runFacts(facts: HookFacts | null | undefined): RunFacts | undefined {
  return facts != null && facts.status !== 'replied' ? facts : undefined;
}

export const outputHeadBytes = 4096;

/** The durations of one hook in milliseconds. */
export interface Durations {
  /** Time in the queue until a worker took the job; 0 without a queue. */
  readonly queueMs: number;
  /** Wait for a sandbox. */
  readonly leaseMs: number;
  /** Run time of the script. */
  readonly runMs: number;
  /** The total without `queueMs`, measured by the process that leased the sandbox. */
  readonly totalMs: number;
}

/** The fields that a hook, or all hooks of an event together, return besides the decision. */
export interface ResultTexts {
  readonly reason?: string;
  readonly additionalContext?: string;
  readonly systemMessage?: string;
  /**
   * The new tool input as the script printed it; for several hooks, as the dialect combines them.
   */
  readonly updatedInput?: unknown;
  /** Fields that only events of this dialect have, such as the summary of a compaction. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** False: the script asked to end the agent's turn. */
  readonly continue?: boolean;
  readonly stopReason?: string;
  /**
   * The hook printed the word that skips approval and tool-access policies, and its tier permits
   * that.
   */
  readonly overridesPolicy?: boolean;
}

export interface HookResult extends ResultTexts {
  readonly hook: string;
  readonly tier: Tier;
  readonly event: string;
  readonly decision: DecisionKind;
  readonly cause: Cause;
  readonly diagnostics: readonly Diagnostic[];
  /** null when the hook never ran. */
  readonly facts: HookFacts | null;
  readonly durations: Durations;
  /** Absent when the hook never ran. */
  readonly ranIn?: Place;
  /** On its way from the sandbox to the dispatcher, which keeps it; never part of an answer. */
  readonly state?: LeftState;
  /** The request of an http hook, or the calls of a judge; absent where nothing was sent. */
  readonly asked?: AskedFacts;
  /** False: of a shadow hook, whose result is no part of the decision. */
  readonly heard?: false;
}

export interface Decision extends ResultTexts {
  readonly v: 1;
  readonly event: string;
  readonly dialect: string;
  readonly decision: DecisionKind;
  /** The tool's input with all rewrites applied; absent when there was none. */
  readonly effectiveInput?: unknown;
  /** The hook that made the decision; absent when the decision is `none`. */
  readonly decidedBy?: string;
  readonly cause?: Cause;
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the hooks; those of shadow hooks, where they are there, come last. */
  readonly results: readonly HookResult[];
  /**
   * Matching hooks that did not run: a block made them unnecessary, or they are `once` hooks that
   * have passed already.
   */
  readonly skipped: readonly string[];
  /** Async hooks that were started and are not awaited. Absent: none. */
  readonly background?: readonly string[];
  readonly durationMs: number;
}

/** The strictest of several decisions; `none` for an empty list. */
export function strictest(kinds: Iterable<DecisionKind>): DecisionKind {
  const said = new Set(kinds);
  return decisionKinds.find((kind) => said.has(kind)) ?? 'none';
}
