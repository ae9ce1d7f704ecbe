/**
 * Explains an evaluation: every hook of the set, whether it is for the event, and if not, why. The
 * reasons come from the selection itself, which reports them to an observer, so an explanation
 * cannot differ from what happened.
 */

import type { Context } from '../protocol/context.ts';
import type { Cause, Decision, DecisionKind, Durations, HookResult } from '../protocol/decision.ts';
import type { Dialect, FailMode, Order, Tier } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import { type How, howOf } from '../protocol/how.ts';
import { orderHooks, orderOf } from '../protocol/matching/order.ts';
import { type SeenInput, seenInput } from '../protocol/matching/seen-input.ts';
import { headline, hookText, ruleTexts } from './explain-text.ts';
import { Happened, type Outcomes } from './happened.ts';
import type { HookState } from './hook-states.ts';
import { type Miss, type SelectionObserver, selectHooks } from './select.ts';

interface ExplainedHook {
  /** Place in the hook set, from 0. */
  readonly index: number;
  readonly hook: string;
  readonly event: string;
  readonly tier: Tier;
  readonly kind: Hook['action']['kind'];
  readonly matcher?: string;
  readonly condition?: string;
  readonly sources?: readonly string[];
  readonly onDemand?: true;
  readonly async?: true;
  readonly shadow?: true;
  readonly runsOnce?: true;
  readonly timeoutMs: number;
  readonly failMode: FailMode;
  /** The hook is for the event. */
  readonly selected: boolean;
  readonly state: HookState;
  /** The state in words. */
  readonly text: string;
  /** What the matcher was compared with, or the source of the thread. */
  readonly subject?: string;
  /** What its condition was tested on. */
  readonly seen?: readonly SeenInput[];
  /** Index of the hook that runs in its place. */
  readonly duplicateOf?: number;
  readonly undecided?: true;
  /** Why a hook cannot run here. */
  readonly unsupported?: string;
  /** Milliseconds from the start of the evaluation until it was called. */
  readonly startedMs?: number;
  readonly durations?: Durations;
  readonly decision?: DecisionKind;
  readonly how?: How;
  readonly cause?: Cause;
  readonly reason?: string;
}

export interface Explanation {
  readonly v: 1;
  /** False: nothing was run. */
  readonly ran: boolean;
  readonly dialect: string;
  readonly event: string;
  readonly tool?: string;
  /** The text that matchers are applied to. */
  readonly matchedOn?: string;
  readonly headline: string;
  /** Every hook of the set, in its order. */
  readonly hooks: readonly ExplainedHook[];
  /** Indexes of the hooks that are for the event, in the order in which they run. */
  readonly runs: readonly number[];
  readonly combination: {
    readonly order: Order;
    /** The dialect's rules in words. */
    readonly rules: readonly string[];
    readonly decision?: DecisionKind;
    readonly how?: How;
    readonly decidedBy?: string;
    readonly reason?: string;
  };
}

/** Keeps what the selection of an event's hooks reports. */
export class SelectionTrace implements SelectionObserver {
  readonly misses = new Map<Hook, Miss>();
  readonly duplicates = new Map<Hook, Hook>();
  readonly doubts = new Set<Hook>();

  readonly missed = (hook: Hook, why: Miss): void => void this.misses.set(hook, why);
  readonly duplicate = (hook: Hook, first: Hook): void => void this.duplicates.set(hook, first);
  readonly undecided = (hook: Hook): void => void this.doubts.add(hook);

  isSelected(hook: Hook): boolean {
    return !this.misses.has(hook) && !this.duplicates.has(hook);
  }
}

/** The event, and the hooks as the selection was asked about them. */
export interface Explained {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  readonly context: Context;
  readonly trace: SelectionTrace;
}

/**
 * Selects the hooks of an event, runs nothing, and tells why.
 * @param outcomes what became of the same evaluation; absent: it tells what would run
 * @throws InvalidInputError as selectHooks()
 */
export function explainEvent(
  event: Omit<Explained, 'trace'> & { readonly active: ReadonlySet<string> },
  outcomes?: Outcomes,
): Explanation {
  const { dialect, hooks, context, active } = event;
  const trace = new SelectionTrace();
  selectHooks(dialect, hooks, context, active, trace);
  return explain({ dialect, hooks, context, trace }, outcomes);
}

/** @param outcomes what was decided; absent: nothing was run */
export function explain(explained: Explained, outcomes?: Outcomes): Explanation {
  const { dialect, hooks, context, trace } = explained;
  const selected = orderHooks(
    dialect,
    hooks.filter((hook) => trace.isSelected(hook)),
  );
  const order = orderOf(dialect, selected);
  const happened = outcomes && new Happened(selected, outcomes);
  const decision = outcomes?.decision;
  const index = new Map(hooks.map((hook, at) => [hook, at]));
  const story = { ...explained, order, happened, index };
  const { event, subject, tool } = context;
  return {
    v: 1,
    ran: decision !== undefined,
    dialect: dialect.name,
    event,
    ...(tool === undefined ? {} : { tool: tool.toolName }),
    ...(subject === undefined ? {} : { matchedOn: subject }),
    headline:
      decision === undefined ? wouldRun(selected.length) : headline(decision, selected.length),
    hooks: hooks.map((hook, at) => explainHook(hook, at, story)),
    runs: selected.map((hook) => index.get(hook) ?? -1),
    combination: {
      order,
      rules: ruleTexts(dialect, eventRules(dialect, event), order),
      ...(decision === undefined ? {} : decided(decision)),
    },
  };
}

interface Story extends Explained {
  readonly order: Order;
  readonly happened: Happened | undefined;
  readonly index: ReadonlyMap<Hook, number>;
}

function explainHook(hook: Hook, index: number, story: Story): ExplainedHook {
  const { context, trace, happened, order } = story;
  const result = happened?.resultOf(hook);
  const state = stateOf(hook, story, result);
  const first = trace.duplicates.get(hook);
  const subject = state === 'source' ? context.threadSource : context.subject;
  const undecided = trace.doubts.has(hook);
  const text = hookText(hook, {
    ...{ state, event: context.event, subject, undecided },
    cause: result?.cause,
    decision: result?.decision,
    other: first === undefined ? happened?.endedBy : first.name,
    mayChange: order === 'piped',
  });
  return {
    ...declared(hook, index),
    selected: trace.isSelected(hook),
    state,
    text,
    ...((state === 'matcher' || state === 'source') && subject !== undefined ? { subject } : {}),
    ...(state === 'condition' && context.tool ? { seen: seenInput(context.tool) } : {}),
    ...(first === undefined ? {} : { duplicateOf: story.index.get(first) ?? -1 }),
    ...(undecided ? { undecided } : {}),
    ...(result === undefined ? {} : resultFields(result)),
    ...(result === undefined ? {} : happened?.startOf(hook)),
  };
}

function stateOf(
  hook: Hook,
  { trace, happened }: Story,
  result: HookResult | undefined,
): HookState {
  if (result !== undefined) return 'ran';
  const miss = trace.misses.get(hook);
  if (miss !== undefined) return miss;
  if (trace.duplicates.has(hook)) return 'duplicate';
  if (happened === undefined) return 'would-run';
  if (!isHeard(hook)) return 'shadow';
  return happened.stateOf(hook);
}

function declared(hook: Hook, index: number) {
  const { name, event, tier, action, matcher, conditionText, sources, timeoutMs, failMode } = hook;
  return {
    ...{ index, hook: name, event, tier, kind: action.kind, timeoutMs, failMode },
    ...(matcher === undefined ? {} : { matcher }),
    ...(conditionText === undefined ? {} : { condition: conditionText }),
    ...(sources === undefined ? {} : { sources }),
    ...(hook.activation === 'on-demand' ? { onDemand: true as const } : {}),
    ...(hook.async === true ? { async: true as const } : {}),
    ...(hook.shadow === true ? { shadow: true as const } : {}),
    ...(hook.once === true ? { runsOnce: true as const } : {}),
    ...(action.kind === 'unsupported' ? { unsupported: action.reason } : {}),
  };
}

function resultFields({ decision, cause, reason, durations }: HookResult) {
  const why = reason === undefined ? {} : { reason };
  return { durations, decision, how: howOf(cause), cause, ...why };
}

function decided({ decision, decidedBy, reason, cause }: Decision) {
  return {
    ...{ decision, how: howOf(cause) },
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function wouldRun(count: number): string {
  if (count === 0) return 'No hook is for this event.';
  return count === 1 ? '1 hook would run.' : `${count} hooks would run.`;
}
