/**
 * The catalogue of hookpool's own errors. What a script does is never an exception: it is a value
 * in the run's result. Codes are public and stable; tests and callers match on codes, never on
 * texts.
 */

/** The caller's input cannot be used: fix the input. CLI exit 64, HTTP 4xx. Never retried. */
export type InvalidInputCode =
  | 'INVALID_USAGE'
  | 'INVALID_CONFIG'
  | 'INVALID_HOOKS'
  | 'INVALID_EVENT'
  | 'INVALID_CONTEXT'
  | 'INVALID_SCRIPT'
  | 'INVALID_JOB'
  | 'UNKNOWN_DIALECT'
  | 'TRANSCRIPT_NEEDED'
  | 'TOO_LARGE';

/** A service or resource is not available now: wait, or repair it. CLI exit 75, HTTP 503. */
export type UnavailableCode =
  | 'ENGINE_DOWN'
  | 'ENGINE_TIMEOUT'
  | 'IMAGE_MISSING'
  | 'IMAGE_MISMATCH'
  | 'PROFILE_MISSING'
  | 'POOL_EXHAUSTED'
  | 'QUEUE_UNAVAILABLE'
  | 'OVERLOADED'
  | 'EXPIRED'
  | 'DEADLINE'
  | 'HOOK_CANCELLED'
  | 'NO_WORKER'
  | 'WORKER_LOST'
  | 'QUARANTINED'
  | 'SHUTTING_DOWN';

/**
 * A sandbox failed; the script is not to blame. Retried once on a fresh sandbox, but for
 * `WORKSPACE_FAILED`: another sandbox would get the same folder.
 */
export type SandboxCode =
  | 'CREATE_FAILED'
  | 'ATTACH_FAILED'
  | 'START_FAILED'
  | 'WORKSPACE_FAILED'
  | 'BAD_STREAM'
  | 'BAD_FRAME'
  | 'SANDBOX_LOST';

/**
 * A request to a target or a judge was not made, or got no answer: the operator has to allow or name
 * it, repair it, give its secret, or allow larger requests or more of them.
 */
export type OutboundCode =
  | 'TARGET_NOT_ALLOWED'
  | 'TARGET_UNREACHABLE'
  | 'SECRET_MISSING'
  | 'INPUT_TOO_LARGE'
  | 'OUTBOUND_UNAVAILABLE'
  | 'JUDGE_UNKNOWN'
  | 'JUDGE_UNAVAILABLE'
  | 'JUDGE_RATE_LIMITED'
  | 'BUDGET_SPENT';

export type ErrorCode = InvalidInputCode | UnavailableCode | SandboxCode | OutboundCode;

/**
 * Base class of hookpool's exceptions. `retryable`: the same call may succeed on another sandbox or
 * later.
 */
export abstract class HookpoolError extends Error {
  abstract readonly retryable: boolean;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An input of an evaluation, by the name that all interfaces use for it. */
export type InputField = 'event' | 'context' | 'transcript';

export class InvalidInputError extends HookpoolError {
  readonly retryable = false;
  /** Which of several inputs is wrong; undefined where there is only one. */
  readonly field: InputField | undefined;

  constructor(
    code: InvalidInputCode,
    message: string,
    options: ErrorOptions & { readonly field?: InputField | undefined } = {},
  ) {
    super(code, message, options);
    this.field = options.field;
  }
}

export class UnavailableError extends HookpoolError {
  readonly retryable = true;

  constructor(code: UnavailableCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

export class SandboxError extends HookpoolError {
  readonly retryable = true;

  constructor(code: SandboxCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Messages name hosts, never header values, queries or bodies. */
export class OutboundError extends HookpoolError {
  readonly retryable = false;

  constructor(code: OutboundCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/**
 * The error for which the work behind a signal was ended. hookpool aborts its own signals with an
 * error of this catalogue; any other reason becomes `DEADLINE` when it is a timeout, else
 * `HOOK_CANCELLED`.
 */
export function abortedError(signal: AbortSignal): HookpoolError {
  const reason: unknown = signal.reason;
  if (reason instanceof HookpoolError) return reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return new UnavailableError(isTimeout ? 'DEADLINE' : 'HOOK_CANCELLED', messageOf(reason), {
    cause: reason,
  });
}

/** Anything that was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * The value of an action, or the message of the HookpoolError that it throws. Any other exception
 * is a bug and is thrown on.
 */
export function attempted<T>(action: () => T): {
  readonly value?: T;
  readonly problem?: string;
} {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof HookpoolError) return { problem: error.message };
    throw error;
  }
}

/** The message of the HookpoolError that an action throws; undefined when it throws none. */
export function problemOf(action: () => unknown): string | undefined {
  return attempted(action).problem;
}
