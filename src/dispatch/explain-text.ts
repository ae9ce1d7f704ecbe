/** Explanations in words, for people. */
import type { Cause, Decision } from '../protocol/decision.ts';
import type { Dialect, EventRules, Order } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import { howOf } from '../protocol/how.ts';
import { shown } from '../protocol/shown.ts';
import type { HookState } from './hook-states.ts';

/** What the sentences about one hook need to know. */
export interface HookStory {
  readonly state: HookState;
  readonly event: string;
  /** The text that the matcher was compared with, or the source of the thread. */
  readonly subject: string | undefined;
  readonly cause: Cause | undefined;
  readonly decision: string | undefined;
  /** Name of the hook that runs in its place, or that ended the chain. */
  readonly other: string | undefined;
  /** A hook before it may change what its condition is tested on. */
  readonly mayChange: boolean;
  readonly undecided: boolean;
}

export function hookText(hook: Hook, story: HookStory): string {
  const doubt = story.undecided
    ? ' Within the limits of matching it could not be told whether it is for the event.'
    : '';
  return `${stateText(hook, story)}${doubt}`;
}

function stateText(hook: Hook, { state, event, subject, other, ...story }: HookStory): string {
  switch (state) {
    case 'would-run':
      return `It is for the event.${howItRuns(hook)}`;
    case 'ran':
      return `${sentence(causeText(story.cause, hook))} ${sentence(`It says ${story.decision}`)}`;
    case 'started':
      return 'It was started; nobody waits for it.';
    case 'shadow':
      return 'It runs when the event is decided, and nobody hears it.';
    case 'chain-ended':
      return `${other ?? 'A hook before it'} ended the chain.`;
    case 'once':
      return 'It runs once in a session, and has passed in this one.';
    case 'other-event':
      return `It is for ${shown(hook.event)}; the event is ${shown(event)}.`;
    case 'switched-off':
      return 'It is on demand, and nobody has switched it on.';
    case 'matcher':
      return matcherText(hook.matcher, subject);
    case 'source':
      return `It is for threads from ${list(hook.sources ?? [])}; ${subject === undefined ? 'the context names no source' : `this one is from ${shown(subject)}`}.`;
    case 'condition':
      return `Its condition ${hook.conditionText ?? ''} does not hold.${story.mayChange ? ' It runs only where a hook before it changes the input so that it holds.' : ''}`;
    case 'duplicate':
      return `It is the same as ${other}, which runs in its place.`;
  }
}

function howItRuns({ action, async, shadow, failMode }: Hook): string {
  if (action.kind === 'unsupported')
    return ` It cannot run here, so it counts as its failMode, ${failMode}: ${action.reason}`;
  if (shadow === true) return ' It runs when the event is decided, and nobody hears it.';
  return async === true ? ' It is started, and nobody waits for it.' : '';
}

function matcherText(matcher: string | undefined, subject = ''): string {
  if (matcher === undefined || matcher === '')
    return 'It has no matcher, and in this dialect such a hook is for no tool.';
  return `Its matcher ${shown(matcher)} does not match ${shown(subject)}.`;
}

/** Why a result is what it is: a part of a sentence. */
function causeText(cause: Cause | undefined, { failMode }: Pick<Hook, 'failMode'>): string {
  if (cause === undefined) return 'It ran';
  if (cause.kind === 'exit-code') return `It left with exit code ${cause.exitCode}`;
  if (cause.kind === 'output') return 'Its output has a verdict';
  const what = howOf(cause) === 'not-run' ? 'It did not run' : 'It failed';
  return `${what} (${cause.code}), so its failMode, ${failMode}, counts: ${cause.message}`;
}

/** The decision in one sentence. */
export function headline(decision: Decision, selected: number): string {
  const { decidedBy, cause } = decision;
  if (decidedBy === undefined || cause === undefined)
    return selected === 0
      ? `${decision.decision}: no hook is for this event.`
      : `${decision.decision}: no hook objects.`;
  return `${decision.decision}: ${decidedBy} ${because(cause, decision.decision)}.`;
}

function because(cause: Cause, decision: string): string {
  if (cause.kind === 'exit-code') return `left with exit code ${cause.exitCode}`;
  if (cause.kind === 'output') return 'says so in its output';
  const what = howOf(cause) === 'not-run' ? 'did not run' : 'failed';
  return `${what} (${cause.code}), and counts as ${decision} by its failMode`;
}

const orders: Readonly<Record<Order, string>> = {
  sequential: 'The hooks run one after another.',
  parallel: 'The hooks run at once.',
  piped: 'The hooks run one after another, each on the input as those before it changed it.',
};
const reasons: Readonly<Record<Dialect['reasons']['of'], string>> = {
  first: 'The reason is that of the hook that decides.',
  winning: 'The reason has the texts of all hooks with this decision.',
  all: 'The reason has the texts of all hooks.',
};
const rewrites: Readonly<Record<Dialect['rewrite'], string>> = {
  none: 'Hooks cannot change the input.',
  replace: 'A later change of the input replaces an earlier one.',
  merge: 'Changes of the input are merged, member by member.',
  union: 'The changes of all hooks together replace the input.',
};

/** The rules by which a dialect combines the results of an event's hooks. */
export function ruleTexts(dialect: Dialect, event: EventRules, order: Order): string[] {
  const { canBlock, canAsk, shortCircuit, laterWins } = event;
  const isChain = order !== 'parallel';
  const texts: (string | false | undefined)[] = [
    orders[order],
    isChain && shortCircuit && 'A block ends the chain.',
    isChain && dialect.stopEndsChain === true && 'A stopReason ends the chain.',
    'The strictest decision counts: block, ask, allow, none; among equal ones that of the first hook.',
    reasons[dialect.reasons.of],
    !canBlock && 'Nothing can be blocked at this event.',
    canBlock && !canAsk && 'Nobody can be asked at this event: ask counts as block.',
    laterWins === true && 'The agent itself lets a later hook overturn a block; hookpool does not.',
    rewrites[dialect.rewrite],
    dialect.blockDropsRewrite && dialect.rewrite !== 'none' && 'A block drops all changes.',
  ];
  return texts.filter((text) => typeof text === 'string');
}

function list(names: readonly string[]): string {
  return names.map(shown).join(', ');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
