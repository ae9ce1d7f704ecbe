/** From the results of all hooks of an event to its decision. */
import { type Decision, type Diagnostic, type HookResult, strictest } from './decision.ts';
import type { Dialect } from './dialect.ts';

export interface Combined {
  readonly event: string;
  /** In the order in which they ran. */
  readonly results: readonly HookResult[];
  readonly skipped: readonly string[];
  readonly durationMs: number;
}

/**
 * The strictest result decides; among equals the first. An allow is provisional: a later block or
 * ask outranks it. Of several contexts the dialect keeps the last.
 */
export function combine(dialect: Dialect, { event, results, skipped, durationMs }: Combined): Decision {
  const decision = strictest(results.map((result) => result.decision));
  const decider = decision === 'none' ? undefined : results.find((result) => result.decision === decision);
  const contexts = results.flatMap((result) => result.additionalContext ?? []);
  const overrides = decision === 'allow' && results.some((result) => result.overridesPolicy === true);
  const stopper = results.find((result) => result.continue === false);
  const diagnostics: Diagnostic[] = results.flatMap((result) =>
    result.diagnostics.map(({ code, message }) => ({ code, message: `${result.hook}: ${message}` })),
  );
  const updated = results.findLast((result) => result.updatedInput !== undefined);
  const messages = results.flatMap((result) => result.systemMessage ?? []);
  return {
    v: 1,
    event,
    dialect: dialect.name,
    decision,
    ...(decider === undefined ? {} : { decidedBy: decider.hook, cause: decider.cause }),
    ...(decider?.reason === undefined ? {} : { reason: decider.reason }),
    ...(contexts.length === 0 ? {} : { additionalContext: contexts.at(-1) as string }),
    ...(messages.length === 0 ? {} : { systemMessage: messages.join('\n') }),
    ...(updated === undefined ? {} : { updatedInput: updated.updatedInput }),
    ...(stopper === undefined ? {} : { continue: false }),
    ...(stopper?.stopReason === undefined ? {} : { stopReason: stopper.stopReason }),
    ...(overrides ? { overridesPolicy: true } : {}),
    diagnostics,
    results,
    skipped,
    durationMs,
  };
}
