/** The last step to a hook's result: a rejection, or no decision and therefore the failMode. */
import type { Cause, Diagnostic, HookResult } from '../decision.ts';
import type { Deviation, Dialect, EventRules, FailMode } from '../dialect.ts';
import { type FailureCode, failureCodes, type HookErrorCode } from '../failure-codes.ts';
import type { Hook } from '../hook.ts';

export type Draft = Omit<HookResult, 'hook' | 'tier' | 'event' | 'facts' | 'durations'>;
export type ErrorCode = HookErrorCode | FailureCode;

/** The parameters that all steps from one run to its result share. */
export interface Case {
  readonly dialect: Dialect;
  readonly hook: Hook;
  readonly rules: EventRules;
}

const maxReasonLength = 32_768;

/**
 * A rejection, if the event can be blocked and its rules accept one without a reason where none is
 * given.
 */
export function reject(
  one: Case,
  reason: string | undefined,
  cause: Cause,
  diagnostics: readonly Diagnostic[],
): Draft {
  const { dialect, hook, rules } = one;
  if (!rules.canBlock) {
    const message = `${hook.event} cannot be blocked${reason === undefined ? '' : `; the script said: ${reason}`}`;
    const told = dialect.tellsErrors ? { systemMessage: `Hook ${hook.name}: ${message}` } : {};
    return {
      decision: 'none',
      cause,
      diagnostics: [...diagnostics, { code: 'cannot-block', message }],
      ...told,
    };
  }
  if (reason === undefined && rules.blankReason === 'approve') {
    const message = `A rejection of ${hook.event} without a reason counts as approval. Print a reason to stderr.`;
    return {
      decision: 'allow',
      cause,
      diagnostics: [...diagnostics, { code: 'rejected-without-reason', message }],
    };
  }
  if (reason === undefined && rules.blankReason === 'error') {
    const message = `A rejection of ${hook.event} needs a reason. Print one to stderr.`;
    const noted = [...diagnostics, { code: 'rejected-without-reason', message }];
    return fail(
      { ...one, rules: { ...rules, blankReason: 'default-text' } },
      'HOOK_OUTPUT_UNKNOWN',
      message,
      noted,
    );
  }
  const goesAhead =
    reason === undefined && cause.kind === 'output' && rules.defaultReason === undefined;
  const stricter = goesAhead ? deviation(dialect, 'no-reason') : [];
  const text = (reason ?? defaultReason(one)).slice(0, maxReasonLength);
  return { decision: 'block', reason: text, cause, diagnostics: [...diagnostics, ...stricter] };
}

/**
 * The result of a hook that gave no decision: the failMode that its author or else its dialect has
 * set for that case.
 */
export function fail(
  one: Case,
  code: ErrorCode,
  message: string,
  diagnostics: readonly Diagnostic[],
): Draft {
  const { dialect, hook, rules } = one;
  const cause: Cause = { kind: 'fail-mode', code, message };
  const mode =
    (hook.failModeIsDefault === true ? defaultFor(rules, code) : undefined) ?? hook.failMode;
  const because = explained(
    fill(rules.errorReason ?? dialect.errorReason, { ...hook, failMode: mode }),
    message,
  );
  if (mode === 'ask' && rules.canAsk)
    return { decision: 'ask', reason: because.slice(0, maxReasonLength), cause, diagnostics };
  if (mode !== 'allow') return reject(one, because, cause, diagnostics);
  const told = dialect.tellsErrors && hook.quiet !== true ? { systemMessage: because } : {};
  return { decision: dialect.says.error, cause, diagnostics, ...told };
}

/** A sentence and its cause, which follows a colon where it does not begin a sentence. */
function explained(sentence: string, cause: string): string {
  return `${/^\P{Lu}/u.test(cause) ? sentence.replace(/\.$/, ':') : sentence} ${cause}`;
}

/** The event's default failMode for an error, where the dialect distinguishes the errors. */
function defaultFor(
  { timeoutFailMode, notRunFailMode }: EventRules,
  code: ErrorCode,
): FailMode | undefined {
  if (code === 'HOOK_TIMED_OUT' || code === 'DEADLINE') return timeoutFailMode;
  return code === 'HOOK_CANCELLED' || (failureCodes as readonly string[]).includes(code)
    ? notRunFailMode
    : undefined;
}

/** Whether the author has set failMode block or ask; a dialect's own default does not count. */
export function mustNotOpen({ failMode, failModeIsDefault }: Hook): boolean {
  return failMode !== 'allow' && failModeIsDefault !== true;
}

/** Whether output that cannot be interpreted has to end in a block or an ask. */
export function isClosed({ hook, rules }: Case): boolean {
  return rules.canBlock && mustNotOpen(hook);
}

export function defaultReason({ dialect, hook, rules }: Case): string {
  return fill(rules.defaultReason ?? dialect.defaultReason, hook);
}

/**
 * The diagnostic for a case in which upstream would let the action go ahead; empty where it would
 * not.
 */
export function deviation(dialect: Dialect, what: Deviation): Diagnostic[] {
  const message = dialect.deviations[what];
  return message === undefined ? [] : [{ code: 'stricter-than-upstream', message }];
}

function fill(text: string, { name, event, failMode }: Hook): string {
  const values = { hook: name, event, failMode };
  return text.replace(/\{(hook|event|failMode)\}/g, (_, key: keyof typeof values) => values[key]);
}
