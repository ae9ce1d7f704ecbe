/** Turns the object that a script printed into the hook's result. */
import type { Cause, DecisionKind, Diagnostic } from '../decision.ts';
import type { EventRules } from '../dialect.ts';
import type { Output } from './output-object.ts';
import { type Case, type Draft, defaultReason, deviation, fail, reject } from './reject-or-fail.ts';

/** The result of a printed object. */
export function fromObject(one: Case, output: Output, seen: readonly Diagnostic[]): Draft {
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
