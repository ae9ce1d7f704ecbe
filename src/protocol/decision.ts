/** What comes out: the result of one hook, and the decision about one event. */
import { HookpoolError, messageOf } from '../errors.ts';
import type { Tier } from './dialect.ts';
import type { Place, RunStatus } from './run.ts';

/**
 * `none`: no objection. `allow`: approved in so many words. `ask`: a person has to say.
 * From strictest to mildest: block, ask, allow, none.
 */
export const decisionKinds = ['block', 'ask', 'allow', 'none'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** What the script did that left its run without a decision. */
export const hookErrorCodes = [
  'HOOK_EXIT_CODE',
  'HOOK_SIGNALED',
  'HOOK_TIMED_OUT',
  'HOOK_OUT_OF_MEMORY',
  'HOOK_OUTPUT_LIMIT',
  'HOOK_OUTPUT_MALFORMED',
  'HOOK_OUTPUT_UNKNOWN',
  'HOOK_CANCELLED',
] as const;
export type HookErrorCode = (typeof hookErrorCodes)[number];

/** What left a hook without a run that anything is known of; not the script's doing. */
export const failureCodes = [
  'DEADLINE',
  'HOOK_TYPE_UNSUPPORTED',
  'SANDBOX_LOST',
  'BAD_FRAME',
  'BAD_STREAM',
  'CREATE_FAILED',
  'ATTACH_FAILED',
  'START_FAILED',
  'ENGINE_DOWN',
  'ENGINE_TIMEOUT',
  'IMAGE_MISSING',
  'IMAGE_MISMATCH',
  'POOL_EXHAUSTED',
  'SHUTTING_DOWN',
  'QUEUE_UNAVAILABLE',
  'OVERLOADED',
  'EXPIRED',
  'INVALID_JOB',
  'NO_WORKER',
  'WORKER_LOST',
  'QUARANTINED',
  'RESULT_TOO_LARGE',
  'INTERNAL',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** A hook that was not run, or of whose run nothing is known. */
export interface Failure {
  /** `HOOK_CANCELLED`: before it had a sandbox. */
  readonly code: FailureCode | 'HOOK_CANCELLED';
  readonly message: string;
}

const everyFailureCode: readonly string[] = [...failureCodes, 'HOOK_CANCELLED'] satisfies Failure['code'][];

/** Whether a text, such as the code of an error, is the code of a failure. */
export function isFailureCode(code: string): code is Failure['code'] {
  return everyFailureCode.includes(code);
}

/** What an error means for a hook that it left without a run: `INTERNAL` where the error has no such code. */
export function failureOf(error: unknown): Failure {
  const code = error instanceof HookpoolError && isFailureCode(error.code) ? error.code : 'INTERNAL';
  return { code, message: messageOf(error) };
}

/** Why a result is what it is. */
export type Cause =
  | { readonly kind: 'exit-code'; readonly exitCode: number }
  | { readonly kind: 'output' }
  | { readonly kind: 'fail-mode'; readonly code: HookErrorCode | FailureCode; readonly message: string };

/** Something that its author should know about, though it did not change the decision by itself. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
}

/** The facts of a run as a person or an audit reads them; texts are cut to `outputHeadBytes`. */
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

/** What a hook that is no process answered: a text. `totalBytes` above its length: the rest was dropped. */
export interface Reply {
  readonly reply: Uint8Array;
  readonly totalBytes: number;
}

/** As RunFacts, of a reply. */
interface ReplyFacts {
  readonly status: 'replied';
  readonly replyHead: string;
  readonly replyTruncated: boolean;
}

/** The facts by the kind of the hook's action; `status` tells them apart. */
export type HookFacts = RunFacts | ReplyFacts;

/** Those of a process; undefined for a reply, and for a hook that never ran. */
export function runFacts(facts: HookFacts | null | undefined): RunFacts | undefined {
  return facts != null && facts.status !== 'replied' ? facts : undefined;
}

export const outputHeadBytes = 4096;

/** Milliseconds of one hook. */
export interface Durations {
  /** In line until a worker took it; 0 where there is no queue. */
  readonly queueMs: number;
  /** Waiting for a sandbox. */
  readonly leaseMs: number;
  /** The script itself. */
  readonly runMs: number;
  /** All of it, as the process saw it that leased the sandbox; without `queueMs`. */
  readonly totalMs: number;
}

/** What a hook, or all of them together, have to say besides the decision. */
export interface Said {
  readonly reason?: string;
  readonly additionalContext?: string;
  readonly systemMessage?: string;
  /** As the script gave it; of several hooks, as the dialect puts them together. */
  readonly updatedInput?: unknown;
  /** What only the events of this dialect give, such as the summary of a compaction. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** False: the script asked to end the agent's turn. */
  readonly continue?: boolean;
  readonly stopReason?: string;
  /** The author used the word that skips approval and tool-access policies, and may use it. */
  readonly overridesPolicy?: boolean;
}

export interface HookResult extends Said {
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
}

export interface Decision extends Said {
  readonly v: 1;
  readonly event: string;
  readonly dialect: string;
  readonly decision: DecisionKind;
  /** The tool's input with all rewrites in it; absent when there was none. */
  readonly effectiveInput?: unknown;
  /** The hook that made the decision; absent when none objected. */
  readonly decidedBy?: string;
  readonly cause?: Cause;
  readonly diagnostics: readonly Diagnostic[];
  /** In the order in which they ran. */
  readonly results: readonly HookResult[];
  /** Matching hooks that did not run: a block made them unnecessary, or they run once and have. */
  readonly skipped: readonly string[];
  /** Async hooks that were started; nobody waits for them. Absent: none. */
  readonly background?: readonly string[];
  readonly durationMs: number;
}

/** The strictest of several; `none` for no votes at all. */
export function strictest(kinds: Iterable<DecisionKind>): DecisionKind {
  const said = new Set(kinds);
  return decisionKinds.find((kind) => said.has(kind)) ?? 'none';
}
