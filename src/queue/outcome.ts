/** Converts the end of a BullMQ job into the outcome for the callers that wait for it. */
import {
  type ErrorCode,
  InvalidInputError,
  OutboundError,
  SandboxError,
  UnavailableError,
} from '../errors.ts';
import { type Failure, type HookResult, isFailureCode } from '../protocol/decision.ts';
import { parseResultMessage } from '../wire/result-message.ts';
import type { Attempt } from './retrying.ts';

/**
 * The outcome of one attempt: the value that the worker returned, or why it returned none.
 * `isAdded: false`: Redis did not take the job, as far as this process knows.
 */
export type Outcome =
  | { readonly returned: unknown }
  | { readonly failure: Failure; readonly isAdded?: false };

/** Matches BullMQ's failure reason for a job whose worker did not finish it. */
const stalled = /stalled/;
const coded = /^([A-Z_]+): (.*)$/s;

export const foreignReturn: Failure = {
  code: 'INTERNAL',
  message: 'The worker returned something that is no result of this version.',
};

/** The job whose result is read. */
interface Asked {
  readonly hook: { readonly name: string };
  /** What it was given as the state of its session. */
  readonly state?: unknown;
}

/**
 * Reads the result of a job. Workers are not trusted with the states of sessions: the result of a
 * job that had none brings none.
 */
export function readResult(outcome: Outcome, { hook, state: given }: Asked): Attempt<HookResult> {
  if ('failure' in outcome) return outcome;
  const result = parseResultMessage(outcome.returned, hook.name);
  if (result === undefined) return { failure: foreignReturn };
  const { state, ...stateless } = result;
  const value = given === undefined ? stateless : result;
  return { value, code: value.cause.kind === 'fail-mode' ? value.cause.code : undefined };
}

export function failed(code: Failure['code'], message: string): { readonly failure: Failure } {
  return { failure: { code, message } };
}

/** The failure of a job when no worker of the queue takes jobs. */
export function noWorker(queue: string): Failure {
  const why =
    'none has sent a heartbeat, or those that do are closing, or rest since their engine fails';
  const message = `No worker of queue ${queue} takes jobs: ${why}. Start \`hookpool worker\`.`;
  return { code: 'NO_WORKER', message };
}

export function readFailedReason(reason: string): Outcome {
  const [, code = '', message = ''] = coded.exec(reason) ?? [];
  if (isFailureCode(code)) return failed(code, message);
  if (stalled.test(reason))
    return failed('WORKER_LOST', 'The worker was lost while it ran the script.');
  return failed('INTERNAL', `The worker failed: ${reason.slice(0, 500)}`);
}

export function failedReason(code: ErrorCode | Failure['code'], message: string): string {
  return `${code}: ${message}`;
}

/** Converts a failure into an exception, for a caller that has no failMode as fallback. */
export function exceptionOf({ code, message }: Failure): Error {
  switch (code) {
    case 'INVALID_JOB':
      return new InvalidInputError(code, message);
    case 'SANDBOX_LOST':
    case 'BAD_FRAME':
    case 'BAD_STREAM':
    case 'CREATE_FAILED':
    case 'ATTACH_FAILED':
    case 'START_FAILED':
    case 'WORKSPACE_FAILED':
      return new SandboxError(code, message);
    case 'TARGET_NOT_ALLOWED':
    case 'TARGET_UNREACHABLE':
    case 'SECRET_MISSING':
    case 'INPUT_TOO_LARGE':
    case 'OUTBOUND_UNAVAILABLE':
    case 'JUDGE_UNKNOWN':
    case 'JUDGE_UNAVAILABLE':
    case 'JUDGE_RATE_LIMITED':
    case 'BUDGET_SPENT':
      return new OutboundError(code, message);
    case 'HOOK_UNSUPPORTED':
    case 'HOOK_TYPE_UNSUPPORTED':
    case 'RESULT_TOO_LARGE':
    case 'INTERNAL':
      return new Error(message);
    default:
      return new UnavailableError(code, message);
  }
}
