/**
 * State from earlier events of a session: hooks that run once, and repeated rejections of the end
 * of a turn, which would keep an agent running for ever. Without a session or without counters,
 * every hook runs, and every rejection counts unless the agent itself reports their number.
 */

import { orFallbackWithin } from '../deadline.ts';
import { actionKey } from '../protocol/action.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { Dialect } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import { defaultMaxRejections } from '../protocol/limits.ts';
import type { Outcome } from './chain.ts';
import type { CounterKey, Counters } from './counters.ts';

export interface ConversationPlace {
  readonly dialect: Dialect;
  readonly event: string;
  readonly tenant: string;
  readonly session: string | undefined;
  /** Number of earlier rejections of the end of this turn, where the agent reports it. */
  readonly rejections: number | undefined;
}

/** Whether any of these hooks depends on counters of the session. */
export function needsCounters(
  { dialect, event }: Pick<ConversationPlace, 'dialect' | 'event'>,
  hooks: readonly Hook[],
): boolean {
  return hooks.some((hook) => hook.once === true) || limitOf(dialect, event, hooks) !== Infinity;
}

export class Conversation {
  readonly #place: ConversationPlace;
  readonly #counters: Counters | undefined;
  readonly #askMs: number;

  /** @param askMs timeout in milliseconds for one round of requests to the counters. */
  constructor(place: ConversationPlace, counters: Counters | undefined, askMs: number) {
    this.#place = place;
    this.#counters = counters;
    this.#askMs = askMs;
  }

  /** Returns the hooks without those that run once and already have. */
  async due(hooks: readonly Hook[]): Promise<Hook[]> {
    const counts = await Promise.all(
      hooks.map((hook) =>
        hook.once === true && isHeard(hook) ? this.#ask('get', onceName(hook)) : 0,
      ),
    );
    return hooks.filter((_, at) => counts[at] === 0);
  }

  /**
   * A `once` hook counts as done when it ran to its end with `none` or `allow`; one that objected
   * or failed runs again. Equal hooks share a counter, so that one of them that objected keeps all
   * of them running.
   */
  async ran(outcomes: readonly Outcome[]): Promise<void> {
    const once = outcomes.filter(({ hook }) => hook.once === true);
    const namesOf = (some: readonly Outcome[]) => new Set(some.map(({ hook }) => onceName(hook)));
    const unfinished = namesOf(once.filter(({ result }) => !hasPassed(result)));
    const done = [...namesOf(once)].filter((name) => !unfinished.has(name));
    await Promise.all(done.map((name) => this.#ask('add', name)));
  }

  /**
   * Drops blocks beyond the limit of consecutive rejections: the end of a turn cannot be rejected
   * for ever.
   */
  async heard(
    hooks: readonly Hook[],
    outcomes: readonly Outcome[],
  ): Promise<readonly HookResult[]> {
    const { dialect, event } = this.#place;
    const results = outcomes.map(({ result }) => result);
    if (!eventRules(dialect, event).endsTurn) return results;
    const rejecting = outcomes
      .filter(({ result }) => result.decision === 'block')
      .map(({ hook }) => hook);
    const limit = limitOf(dialect, event, rejecting.length === 0 ? hooks : rejecting);
    if (limit === Infinity) return results;
    const earlier = await this.#rejections(rejecting.length > 0);
    if (earlier < limit) return results;
    // The turn ends now, and some agents do not tell that the next one is another.
    await this.#ask('clear', rejectionsName(event));
    return results.map((result) => (result.decision === 'block' ? unheard(result, limit) : result));
  }

  /** Number of consecutive rejections before this event. */
  async #rejections(isRejected: boolean): Promise<number> {
    const { rejections: told, event } = this.#place;
    if (told !== undefined && told > 0) return told;
    const name = rejectionsName(event);
    if (told === 0 || !isRejected) await this.#ask('clear', name);
    if (!isRejected) return 0;
    return Math.max(0, (await this.#ask('add', name)) - 1);
  }

  async #ask(what: keyof Counters, name: string): Promise<number> {
    const { tenant, session } = this.#place;
    if (session === undefined || this.#counters === undefined) return 0;
    const key: CounterKey = { tenant, session, name };
    return (
      (await orFallbackWithin<number | undefined>(
        this.#counters[what](key) as Promise<number | undefined>,
        0,
        this.#askMs,
      )) ?? 0
    );
  }
}

function rejectionsName(event: string): string {
  return `rejections\n${event}`;
}

/** The limit of consecutive rejections; of several hooks the highest limit counts. */
function limitOf(dialect: Dialect, event: string, hooks: readonly Hook[]): number {
  if (!eventRules(dialect, event).endsTurn || hooks.length === 0) return Infinity;
  return Math.max(...hooks.map((hook) => hook.maxRejections ?? defaultMaxRejections));
}

function hasPassed({ facts, cause, decision }: HookResult): boolean {
  const hasEnded = facts?.status === 'exited' || facts?.status === 'replied';
  return hasEnded && cause.kind !== 'fail-mode' && (decision === 'none' || decision === 'allow');
}

function unheard(result: HookResult, limit: number): HookResult {
  const message = `It has rejected the end of this turn ${limit} times in a row; the agent may stop now.`;
  return {
    ...result,
    decision: 'none',
    diagnostics: [...result.diagnostics, { code: 'rejection-limit', message }],
  };
}

/**
 * Name of the counter of a `once` hook. It includes the action, so that a changed script counts as
 * another hook, and what else tells hooks apart that have the same generated name because they are
 * from different files.
 */
function onceName({
  event,
  tier,
  name,
  action,
  matcher,
  conditionText,
  failMode,
  ...hook
}: Hook): string {
  const flags = [hook.strictOutput, hook.ignoreToolErrors, hook.async].map((flag) => flag === true);
  return `once\n${JSON.stringify([event, tier, name, actionKey(action), matcher, conditionText, failMode, ...flags])}`;
}
