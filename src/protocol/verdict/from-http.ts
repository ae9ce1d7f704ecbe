/** Turns the answer of an http hook into its result. */
import type { Diagnostic, HttpReading, Said } from '../decision.ts';
import { fromObject } from './from-object.ts';
import type { Output } from './output-object.ts';
import type { Case, Draft } from './reject-or-fail.ts';

/**
 * The case under which an answer is read: unlike a script, a service that means nothing sends an
 * empty answer, so any text that is no JSON object is an error.
 */
export function asHttp(one: Case): Case {
  const output = {
    ...one.dialect.output,
    ...({ plainText: 'error', broken: 'error', array: 'error', scalar: 'error' } as const),
  };
  return { ...one, dialect: { ...one.dialect, output } };
}

/**
 * The result of a verdict that is not in the words of a dialect.
 * @param more what else the output says.
 */
export function fromSaid(one: Case, { decision, reason }: Said, more: Partial<Output> = {}): Draft {
  const output: Output = {
    decision,
    permitted: false,
    reason,
    additionalContext: undefined,
    systemMessage: undefined,
    updatedInput: undefined,
    continue: undefined,
    stopReason: undefined,
    extra: undefined,
    keys: new Set(),
    problem: undefined,
    diagnostics: [],
    ...more,
  };
  return fromObject(one, output, []);
}

/** The result as the target may say it: without a grant, unless the target is trusted with one. */
export function asGranted(draft: Draft, { mayGrant }: HttpReading): Draft {
  const { cause } = draft;
  if (cause.kind === 'fail-mode')
    return cause.code === 'HOOK_OUTPUT_MALFORMED'
      ? { ...draft, cause: { ...cause, code: 'HTTP_BODY' } }
      : draft;
  const { updatedInput, overridesPolicy, ...rest } = draft;
  const isGrant =
    draft.decision === 'allow' || updatedInput !== undefined || overridesPolicy === true;
  if (mayGrant || !isGrant) return draft;
  const message =
    'An answer over http:// cannot approve or rewrite anything. Use https://, or set trusted on the target.';
  const dropped: Diagnostic = { code: 'not-trusted', message };
  return {
    ...rest,
    decision: draft.decision === 'allow' ? 'none' : draft.decision,
    diagnostics: [...draft.diagnostics, dropped],
  };
}
