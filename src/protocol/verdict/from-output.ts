/** Turns the output of a script into the hook's result. */
import type { Cause, Diagnostic } from '../decision.ts';
import { fromObject } from './from-object.ts';
import type { Output } from './output-object.ts';
import { quote } from './quote.ts';
import type { ParsedOutput } from './read-output.ts';
import { type Case, type Draft, deviation, fail, isClosed, mustNotOpen } from './reject-or-fail.ts';
import { mentionsVerdict } from './rejection.ts';

/** The result of a run whose output counts. */
export function fromParsed(
  one: Case,
  parsed: ParsedOutput,
  cause: Cause,
  seen: readonly Diagnostic[],
): Draft {
  const { dialect } = one;
  const unread = isClosed(one) ? fromUnread(one, parsed, seen) : undefined;
  if (unread !== undefined) return unread;
  switch (parsed.kind) {
    case 'empty':
      return { decision: dialect.says.empty, cause, diagnostics: seen };
    case 'malformed':
      return fromText(one, parsed, cause, seen);
    case 'unknown': {
      const message = `The output cannot be understood: ${parsed.message}`;
      const reading = dialect.output[parsed.what];
      if (reading === 'error') return fail(one, 'HOOK_OUTPUT_UNKNOWN', message, seen);
      if (reading === 'text' && !isClosed(one)) return plainText(one, parsed.text, cause, seen);
      return nothing(one, 'HOOK_OUTPUT_UNKNOWN', message, [
        ...seen,
        { code: 'unknown-output', message },
      ]);
    }
    case 'output':
      return fromObject(one, parsed.output, seen);
  }
}

/** The result of an output that leaves a verdict unread, for a hook that must not fail open. */
function fromUnread(
  one: Case,
  parsed: ParsedOutput,
  seen: readonly Diagnostic[],
): Draft | undefined {
  // The text of a malformed output is judged by itself, and so is an unknown one.
  if (parsed.kind === 'unknown' || (parsed.kind === 'malformed' && parsed.rejection !== undefined))
    return undefined;
  const { beside, unclear } = parsed;
  if (beside !== undefined)
    return fromRejection(one, beside, 'a rejection stands beside the output', seen);
  if (parsed.kind === 'malformed') return undefined;
  if (unclear !== undefined) {
    return fail(
      one,
      'HOOK_OUTPUT_MALFORMED',
      `A rejection may stand beside the output: ${unclear}.`,
      seen,
    );
  }
  const unread = parsed.kind === 'empty' ? undefined : parsed.findUnread?.();
  if (unread === undefined) return undefined;
  return fail(
    one,
    'HOOK_OUTPUT_UNKNOWN',
    `${quote(unread)} may be a rejection, and it is not read there.`,
    seen,
  );
}

type Malformed = Extract<ParsedOutput, { kind: 'malformed' }>;

function fromText(one: Case, parsed: Malformed, cause: Cause, seen: readonly Diagnostic[]): Draft {
  const { dialect, rules } = one;
  const diagnostics = [...seen, parsed.diagnostic];
  if (parsed.rejection !== undefined && stands(one, parsed)) {
    return fromRejection(one, parsed.rejection, parsed.message, diagnostics);
  }
  const reading = dialect.output[parsed.shape];
  if (reading === 'error') return fail(one, 'HOOK_OUTPUT_MALFORMED', parsed.message, diagnostics);
  // A guard that must not fail open has failed if it printed a text that looks like a verdict.
  const broken = reading === 'text' && looksLikeVerdict(one, parsed);
  const message =
    parsed.unclear === undefined ? parsed.message : `${parsed.message}; ${parsed.unclear}`;
  if (reading === 'nothing' || broken) {
    const stricter = broken ? takenForText(one, parsed) : [];
    return nothing(one, 'HOOK_OUTPUT_MALFORMED', message, [...diagnostics, ...stricter]);
  }
  if (rules.text === 'error')
    return fail(one, 'HOOK_OUTPUT_MALFORMED', parsed.message, diagnostics);
  return plainText(one, parsed.text, cause, rules.text === 'dropped' ? diagnostics : seen);
}

/**
 * Whether the rejection in an output that is not one object counts. Unless the author has set
 * failMode block, a text that the event passes on as context may only quote a rejection, and so may
 * a JSON string that counts as text.
 */
export function stands(one: Case, { shape }: Malformed): boolean {
  const { dialect, rules } = one;
  if (!rules.canBlock || mustNotOpen(one.hook)) return rules.canBlock;
  const isText = dialect.output[shape] === 'text';
  const isContext = rules.text === 'context' && shape === 'plainText';
  return !isText || (!isContext && shape !== 'scalar');
}

/** The result of a rejection that upstream would not have read. */
export function fromRejection(
  one: Case,
  output: Output,
  why: string,
  seen: readonly Diagnostic[],
): Draft {
  const draft = fromObject(one, output, seen);
  if (draft.decision !== 'block') {
    const isLost = isClosed(one) && draft.continue !== false;
    return isLost ? fail(one, 'HOOK_OUTPUT_MALFORMED', why, seen) : draft;
  }
  const message = `${one.dialect.name} would not have read this rejection: ${why}`;
  return {
    ...draft,
    cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_MALFORMED', message: why },
    diagnostics: [...draft.diagnostics, { code: 'stricter-than-upstream', message }],
  };
}

function looksLikeVerdict(one: Case, { shape, text, unclear }: Malformed): boolean {
  if (shape === 'broken') return mustNotOpen(one.hook);
  return isClosed(one) && (shape === 'array' || unclear !== undefined || mentionsVerdict(text));
}

function takenForText({ dialect }: Case, { shape }: Malformed): Diagnostic[] {
  const own = shape === 'broken' ? deviation(dialect, 'broken') : [];
  const message = `${dialect.name} takes this for text; where failMode is block, it counts as unreadable.`;
  return own.length > 0 ? own : [{ code: 'stricter-than-upstream', message }];
}

function plainText(
  { dialect, rules }: Case,
  whole: string,
  cause: Cause,
  diagnostics: readonly Diagnostic[],
): Draft {
  const text = whole.trim();
  const kept = {
    context: { additionalContext: text },
    message: { systemMessage: text },
    dropped: {},
    error: {},
  }[rules.text];
  return { decision: dialect.says.text, cause, diagnostics, ...kept };
}

/**
 * The result of an output that upstream ignores without a message; a hook that must not fail open
 * has still given no decision.
 */
function nothing(
  one: Case,
  code: 'HOOK_OUTPUT_MALFORMED' | 'HOOK_OUTPUT_UNKNOWN',
  message: string,
  seen: readonly Diagnostic[],
): Draft {
  if (mustNotOpen(one.hook)) return fail(one, code, message, seen);
  return { decision: 'none', cause: { kind: 'output' }, diagnostics: seen };
}
