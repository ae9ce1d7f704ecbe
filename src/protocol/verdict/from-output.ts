/** Turns the output of a script into the hook's result. */
import type { Cause, DecisionKind, Diagnostic } from '../decision.ts';
import type { EventRules } from '../dialect.ts';
import type { Output } from './output-object.ts';
import { quote } from './quote.ts';
import type { ParsedOutput } from './read-output.ts';
import {
  type Case,
  type Draft,
  defaultReason,
  deviation,
  fail,
  isClosed,
  mustNotOpen,
  reject,
} from './reject-or-fail.ts';
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
      return fromOutput(one, parsed.output, seen);
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
  if (parsed.kind === 'empty' || parsed.unread === undefined) return undefined;
  return fail(
    one,
    'HOOK_OUTPUT_UNKNOWN',
    `${quote(parsed.unread)} may be a rejection, and it is not read there.`,
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
  const draft = fromOutput(one, output, seen);
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

/** The result of a printed object. */
function fromOutput(one: Case, output: Output, seen: readonly Diagnostic[]): Draft {
  const { dialect, hook, rules } = one;
  const wanted = wish(rules, output);
  const problem = output.problem ?? unsupported(one, output);
  const text = problem === undefined ? undefined : `The output cannot be understood: ${problem}`;
  const ignored = ignoredKeys(one, output);
  const diagnostics = [
    ...seen,
    ...output.diagnostics,
    ...ignored.map((key) => ({
      code: 'output-ignored',
      message: `${hook.event} takes no ${key}.`,
    })),
  ];
  const cannotAsk = wanted === 'ask' && !rules.canAsk && rules.canBlock;
  if (wanted === 'block' || cannotAsk) {
    const rejected = rejectedBy(one, output, { cannotAsk, problem: text, diagnostics });
    return { ...rejected, ...besides(one, output, rejected) };
  }
  // An ask in a refused output is stricter than an error that goes ahead, and milder than one that
  // blocks.
  const asks =
    wanted === 'ask' && (hook.failMode === 'allow' || dialect.deviations.ask !== undefined);
  if (text !== undefined && !asks) return fail(one, 'HOOK_OUTPUT_UNKNOWN', text, diagnostics);
  const accepted = acceptedBy(one, output, wanted, diagnostics);
  const stricter = accepted.decision === 'ask' ? deviation(dialect, 'ask') : [];
  return {
    ...accepted,
    diagnostics: [...diagnostics, ...stricter],
    ...besides(one, output, accepted),
  };
}

/** The decision that all fields of the output together ask for. */
function wish(rules: EventRules, output: Output): DecisionKind {
  const halts = output.continue === false;
  if (halts && rules.continueFalse === 'stop-beats-block') return 'none';
  if (output.decision === 'block' || (halts && rules.continueFalse === 'block')) return 'block';
  if (output.decision === 'ask') return 'ask';
  const feeds = rules.contextBlocks === true && output.additionalContext !== undefined && !halts;
  return feeds ? 'block' : (output.decision ?? 'none');
}

interface Rejection {
  readonly cannotAsk: boolean;
  /** Why the dialect would have refused the output. */
  readonly problem: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function rejectedBy(
  one: Case,
  output: Output,
  { cannotAsk, problem, diagnostics }: Rejection,
): Draft {
  const { dialect, hook } = one;
  const cause: Cause =
    problem === undefined
      ? { kind: 'output' }
      : { kind: 'fail-mode', code: 'HOOK_OUTPUT_UNKNOWN', message: problem };
  const message = `Nobody can be asked at ${hook.event}, so this counts as block.`;
  const asked = cannotAsk ? [{ code: 'cannot-ask', message }] : [];
  const halts = output.decision !== 'block' && output.continue === false;
  const refused = {
    code: 'stricter-than-upstream',
    message: `${dialect.name} would refuse this output: ${problem}`,
  };
  const stricter = [
    ...(halts ? deviation(dialect, 'continue-false') : []),
    ...(problem === undefined ? [] : [refused]),
  ];
  const reason = reasonOf(one, output) ?? (cannotAsk ? defaultReason(one) : undefined);
  return reject(one, reason, cause, [...diagnostics, ...asked, ...stricter]);
}

function acceptedBy(
  { rules, hook }: Case,
  output: Output,
  wanted: Exclude<DecisionKind, 'block'>,
  diagnostics: readonly Diagnostic[],
): Draft {
  const decision = wanted === 'ask' && !rules.canAsk ? 'none' : wanted;
  // "Can override even a global deny. Only user-defined hooks can trigger this."
  const overrides =
    output.permitted && decision === 'allow' && rules.canAsk && hook.tier !== 'system';
  const kept = {
    ...defined({ reason: output.reason }),
    ...(overrides ? { overridesPolicy: true } : {}),
  };
  return { decision, cause: { kind: 'output' }, diagnostics, ...kept };
}

/** The fields of the output beside its verdict that the event accepts. */
function besides({ rules }: Case, output: Output, draft: Draft): Partial<Draft> {
  const ignoresEnd = rules.continueFalse === 'ignored' && output.continue === false;
  return defined({
    additionalContext: rules.takesContext === false ? undefined : output.additionalContext,
    systemMessage: output.systemMessage ?? draft.systemMessage,
    updatedInput: rules.takesInput === false ? undefined : output.updatedInput,
    continue: ignoresEnd ? undefined : output.continue,
    stopReason: ignoresEnd ? undefined : output.stopReason,
    extra: takenExtras(rules, output.extra),
  });
}

function ignoredKeys({ rules }: Case, output: Output): string[] {
  const context =
    rules.takesContext === false && output.additionalContext !== undefined
      ? ['additional context']
      : [];
  const input =
    rules.takesInput === false && output.updatedInput !== undefined ? ['updated input'] : [];
  const extras = Object.keys(output.extra ?? {}).filter(
    (name) => rules.extras?.includes(name) === false,
  );
  return [...context, ...input, ...extras];
}

function takenExtras({ extras }: EventRules, given: Output['extra']): Output['extra'] {
  if (given === undefined || extras === undefined) return given;
  const taken = Object.entries(given).filter(([name]) => extras.includes(name));
  return taken.length === 0 ? undefined : Object.fromEntries(taken);
}

function reasonOf({ rules }: Case, output: Output): string | undefined {
  const { reason, additionalContext } = output;
  if (rules.blockReasonFrom?.[0] === 'context' && additionalContext !== undefined)
    return additionalContext;
  const stop =
    output.continue === false && rules.continueFalse === 'block' ? output.stopReason : undefined;
  return (
    reason ??
    stop ??
    (rules.contextBlocks === true && output.decision !== 'block' ? additionalContext : undefined)
  );
}

/**
 * The message for a key of the output that the event does not accept; undefined if there is none.
 */
function unsupported(one: Case, output: Output): string | undefined {
  const { dialect, hook, rules } = one;
  const key = rules.unsupported?.find((one) => output.keys.has(one));
  if (key !== undefined) return `${dialect.name} takes no ${key} at ${hook.event}`;
  if (output.continue === false && rules.continueFalse === 'error')
    return `${dialect.name} takes no continue at ${hook.event}`;
  if (hook.strictOutput !== true) return undefined;
  const ignored = ignoredKeys(one, output)[0];
  return ignored === undefined ? undefined : `${hook.event} takes no ${ignored}`;
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never;
}
