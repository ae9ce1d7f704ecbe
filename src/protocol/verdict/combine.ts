/** Combines the results of all hooks of an event into its decision. */
import {
  type Decision,
  type DecisionKind,
  type Diagnostic,
  type HookResult,
  strictest,
} from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { eventRules, join } from '../dialect-lookup.ts';
import { combineExtras } from './combine-extras.ts';
import { combineRewrites } from './combine-rewrites.ts';
import { deviation } from './reject-or-fail.ts';

export interface Combined {
  readonly event: string;
  /** In the order in which they were configured. */
  readonly results: readonly HookResult[];
  readonly skipped: readonly string[];
  readonly background?: readonly string[] | undefined;
  readonly durationMs: number;
  /** The tool's input as the agent reported it. */
  readonly toolInput?: unknown;
}

/**
 * The strictest result decides; among equals the first one. An allow is provisional: a later block
 * or ask outranks it. The dialect defines how reasons, contexts and rewrites of several hooks are
 * combined.
 */
export function combine(
  dialect: Dialect,
  { event, results, skipped, background = [], durationMs, toolInput }: Combined,
): Decision {
  const decision = strictest(results.map((result) => result.decision));
  const decider =
    decision === 'none' ? undefined : results.find((result) => result.decision === decision);
  const overrides =
    decision === 'allow' && results.some((result) => result.overridesPolicy === true);
  const ends = results.filter((result) => result.continue === false);
  const stopReason = stopReasonOf(dialect, ends);
  const messages = results.flatMap((result) => result.systemMessage ?? []);
  const reason = decider && reasonOf(dialect, results, decider);
  const context = contextOf(dialect, results);
  const extra = combineExtras(dialect, results);
  return {
    v: 1,
    event,
    dialect: dialect.name,
    decision,
    ...(decider === undefined ? {} : { decidedBy: decider.hook, cause: decider.cause }),
    ...(reason === undefined ? {} : { reason }),
    ...(context === undefined ? {} : { additionalContext: context }),
    ...(messages.length === 0 ? {} : { systemMessage: messages.join('\n') }),
    ...combineRewrites(dialect, results, toolInput),
    ...(extra === undefined ? {} : { extra }),
    ...(ends.length === 0 ? {} : { continue: false }),
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(overrides ? { overridesPolicy: true } : {}),
    diagnostics: [
      ...diagnosticsOf(results),
      ...overturned(dialect, event, results, decision),
      ...unheard(dialect, event, background),
    ],
    results,
    skipped,
    ...(background.length === 0 ? {} : { background }),
    durationMs,
  };
}

function reasonOf(
  { reasons }: Dialect,
  results: readonly HookResult[],
  decider: HookResult,
): string | undefined {
  if (reasons.of === 'first') return decider.reason;
  const among =
    reasons.of === 'all'
      ? results
      : results.filter((result) => result.decision === decider.decision);
  const texts = among.flatMap((result) => result.reason ?? []);
  return texts.length === 0 ? undefined : join(texts, reasons.joint);
}

/**
 * The first stopReason; all of them, joined, where the dialect reports the reasons of all hooks.
 */
function stopReasonOf({ reasons }: Dialect, ends: readonly HookResult[]): string | undefined {
  const texts = ends.flatMap((result) => result.stopReason ?? []);
  return reasons.of === 'all' && texts.length > 0 ? join(texts, reasons.joint) : texts[0];
}

function contextOf(
  { contexts, escapesContexts }: Dialect,
  results: readonly HookResult[],
): string | undefined {
  const texts = results.flatMap((result) => result.additionalContext ?? []);
  if (texts.length === 0) return undefined;
  const text = contexts === 'last' ? texts.at(-1) : join(texts, contexts);
  return escapesContexts === true ? text?.replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}

function diagnosticsOf(results: readonly HookResult[]): Diagnostic[] {
  return results.flatMap((result) =>
    result.diagnostics.map(({ code, message }) => ({
      code,
      message: `${result.hook}: ${message}`,
    })),
  );
}

/**
 * Diagnostics for async hooks of an event that they could block if the evaluation waited for them.
 */
function unheard(dialect: Dialect, event: string, background: readonly string[]): Diagnostic[] {
  const { canBlock, exit2, endsTurn } = eventRules(dialect, event);
  if (!canBlock || exit2 !== 'block' || endsTurn) return [];
  return background.map((hook) => ({
    code: 'async-cannot-block',
    message: `${hook}: nobody waits for it, so it cannot block.`,
  }));
}

/** A diagnostic where upstream would have let a later hook overturn the block. */
function overturned(
  dialect: Dialect,
  event: string,
  results: readonly HookResult[],
  decision: DecisionKind,
): Diagnostic[] {
  const spoken = results.filter((result) => result.decision !== 'none');
  const isOverturned = decision === 'block' && spoken.at(-1)?.decision !== 'block';
  return eventRules(dialect, event).laterWins === true && isOverturned
    ? deviation(dialect, 'later-wins')
    : [];
}
