/** The codes of the errors of a script, and of failures that are not the script's. */

/** The error of the script that left its run without a decision. */
export const hookErrorCodes = [
  'HOOK_EXIT_CODE',
  'HOOK_SIGNALED',
  'HOOK_TIMED_OUT',
  'HOOK_OUT_OF_MEMORY',
  'HOOK_OUTPUT_LIMIT',
  'HOOK_OUTPUT_MALFORMED',
  'HOOK_OUTPUT_UNKNOWN',
  'HOOK_TOOL_FAILED',
  'HOOK_CANCELLED',
  'HTTP_STATUS',
  'HTTP_BODY',
  'JUDGE_ANSWER_MALFORMED',
  'JUDGE_ANSWER_CUT',
  'JUDGE_REFUSED',
  'JUDGE_TURNS',
] as const;
export type HookErrorCode = (typeof hookErrorCodes)[number];

/** The hook cannot run here: a command that a sandbox cannot run, a type that hookpool lacks. */
export const unsupportedCodes = ['HOOK_UNSUPPORTED', 'HOOK_TYPE_UNSUPPORTED'] as const;

/**
 * The failure, not caused by the script, because of which the hook did not run or nothing is known
 * of its run.
 */
export const failureCodes = [
  'DEADLINE',
  ...unsupportedCodes,
  'SANDBOX_LOST',
  'BAD_FRAME',
  'BAD_STREAM',
  'CREATE_FAILED',
  'ATTACH_FAILED',
  'START_FAILED',
  'WORKSPACE_FAILED',
  'ENGINE_DOWN',
  'ENGINE_TIMEOUT',
  'IMAGE_MISSING',
  'IMAGE_MISMATCH',
  'PROFILE_MISSING',
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
  'TARGET_NOT_ALLOWED',
  'TARGET_UNREACHABLE',
  'SECRET_MISSING',
  'INPUT_TOO_LARGE',
  'OUTBOUND_UNAVAILABLE',
  'JUDGE_UNKNOWN',
  'JUDGE_UNAVAILABLE',
  'JUDGE_RATE_LIMITED',
  'BUDGET_SPENT',
  'INTERNAL',
] as const;
export type FailureCode = (typeof failureCodes)[number];
