/**
 * The catalogue of what can go wrong on our side. What a script does is never an exception: it is a
 * value in the run's result. Codes are public and stable; tests and callers match on codes, never
 * on texts.
 */

/** Someone gave us something unusable: fix the input. CLI exit 64, HTTP 4xx. Never retried. */
export type InvalidInputCode =
  | 'INVALID_USAGE'
  | 'INVALID_CONFIG'
  | 'INVALID_HOOKS'
  | 'INVALID_EVENT'
  | 'INVALID_CONTEXT'
  | 'INVALID_SCRIPT'
  | 'INVALID_JOB'
  | 'UNKNOWN_DIALECT'
  | 'TOO_LARGE';

/** Something that we need is not there now: wait, or repair it. CLI exit 75, HTTP 503. */
export type UnavailableCode =
  | 'ENGINE_DOWN'
  | 'ENGINE_TIMEOUT'
  | 'IMAGE_MISSING'
  | 'IMAGE_MISMATCH'
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

/** A sandbox failed us; the script is not to blame. Retried once on a fresh sandbox. */
export type SandboxCode = 'CREATE_FAILED' | 'ATTACH_FAILED' | 'START_FAILED' | 'BAD_STREAM' | 'BAD_FRAME' | 'SANDBOX_LOST';

export type ErrorCode = InvalidInputCode | UnavailableCode | SandboxCode;

/** Base of all our exceptions. `retryable`: the same call may succeed on another sandbox or later. */
export abstract class HookpoolError extends Error {
  abstract readonly retryable: boolean;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** One of the inputs of an evaluation, by the name that every caller has for it. */
export type InputField = 'event' | 'context' | 'transcript';

export class InvalidInputError extends HookpoolError {
  readonly retryable = false;
  /** Which of several inputs is wrong; undefined where there is only one. */
  readonly field: InputField | undefined;

  constructor(code: InvalidInputCode, message: string, options: ErrorOptions & { readonly field?: InputField | undefined } = {}) {
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

/**
 * Why the work behind a signal was ended. Signals of ours are aborted with an error of this catalogue; of any other
 * one the code says that the time was over (`DEADLINE`) or that the caller wanted no answer (`HOOK_CANCELLED`).
 */
export function abortedError(signal: AbortSignal): HookpoolError {
  const reason: unknown = signal.reason;
  if (reason instanceof HookpoolError) return reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return new UnavailableError(isTimeout ? 'DEADLINE' : 'HOOK_CANCELLED', messageOf(reason), { cause: reason });
}

/** Anything that was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What is wrong with the input of an action, undefined when nothing is; a bug stays an exception. */
export function problemOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof HookpoolError) return error.message;
    throw error;
  }
}
