/** What became of the hooks of an evaluation, told from its decision. */
import type { Decision, HookResult } from '../protocol/decision.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';

/** A decision, and what else is known of the calls that led to it. */
export interface Outcomes {
  readonly decision: Decision;
  /** The hooks of the results, in their order; absent: found by their names. */
  readonly ran?: readonly Hook[] | undefined;
  /** When hooks were called, in milliseconds from the start of the evaluation. */
  readonly starts?: ReadonlyMap<Hook, number> | undefined;
}

export class Happened {
  readonly #results = new Map<Hook, HookResult>();
  readonly #states = new Map<Hook, 'chain-ended' | 'once'>();
  readonly #starts: ReadonlyMap<Hook, number> | undefined;
  readonly #background: ReadonlySet<string>;
  /** Name of the last hook that ran. */
  readonly endedBy: string | undefined;

  /** @param selected the hooks that are for the event, in their order */
  constructor(selected: readonly Hook[], { decision, ran, starts }: Outcomes) {
    const left = [...selected];
    // The results of shadow hooks come last, and are no part of what happened to the event.
    for (const [at, result] of decision.results.entries()) {
      if (result.heard === false) continue;
      const hook = ran === undefined ? left.find((one) => isOf(one, result)) : ran[at];
      if (hook === undefined) continue;
      this.#results.set(hook, result);
      left.splice(left.indexOf(hook), left.includes(hook) ? 1 : 0);
    }
    this.#starts = starts;
    this.#background = new Set(decision.background);
    this.endedBy = decision.results.findLast(({ heard }) => heard !== false)?.hook;
    this.#skip(selected, decision.skipped);
  }

  resultOf(hook: Hook): HookResult | undefined {
    return this.#results.get(hook);
  }

  startOf(hook: Hook): { readonly startedMs?: number } {
    const startedMs = this.#starts?.get(hook);
    return startedMs === undefined ? {} : { startedMs };
  }

  /** The state of a hook that is for the event and has no result. */
  stateOf(hook: Hook): 'started' | 'chain-ended' | 'once' {
    if (hook.async === true && this.#background.has(hook.name)) return 'started';
    return this.#states.get(hook) ?? 'chain-ended';
  }

  /**
   * Of the names that were skipped, those of `once` hooks that have passed come first, then the
   * rest of the chain in its order.
   */
  #skip(selected: readonly Hook[], skipped: readonly string[]): void {
    const last = selected.findLastIndex((hook) => this.#results.has(hook));
    const names = [...skipped];
    for (const [at, hook] of [...selected.entries()].toReversed()) {
      if (this.#results.has(hook) || !isHeard(hook)) continue;
      const isInRest = at > last && names.at(-1) === hook.name;
      if (isInRest) names.pop();
      this.#states.set(hook, isInRest || hook.once !== true ? 'chain-ended' : 'once');
    }
  }
}

function isOf({ name, tier, event }: Hook, result: HookResult): boolean {
  return name === result.hook && tier === result.tier && event === result.event;
}
