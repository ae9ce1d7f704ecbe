/** A configured hook, checked and compiled: what the dispatcher works with. */

import type { Action } from './action.ts';
import type { FailMode, Tier } from './dialect.ts';
import type { Condition } from './matching/condition.ts';
import type { Matcher } from './matching/matcher.ts';

export interface Hook<A extends Action = Action> {
  /** Unique in its hook set; `<Event>[<n>]` when the file gives none. */
  readonly name: string;
  readonly event: string;
  readonly tier: Tier;
  readonly action: A;
  /** As configured, for people; undefined when there was none. */
  readonly matcher: string | undefined;
  readonly matches: Matcher;
  readonly timeoutMs: number;
  readonly failMode: FailMode;
  /** The failMode is what the dialect does, not what the author wrote down. */
  readonly failModeIsDefault?: boolean | undefined;
  /** Whatever the dialect does not know is an error. */
  readonly strictOutput?: boolean | undefined;
  /** An error that does not block is told in diagnostics only. */
  readonly quiet?: boolean | undefined;
  /** Runs until it has passed once in a session. */
  readonly once?: boolean | undefined;
  /** Nobody waits for it, and what it says decides nothing. */
  readonly async?: boolean | undefined;
  /** Where one of an event's hooks has it, they run one after another, each on what the ones before made of the context. */
  readonly sequential?: boolean | undefined;
  /** After so many rejections in a row at the end of a turn it is not heard; undefined: what the dialect has. */
  readonly maxRejections?: number | undefined;
  /** Looks at the tool's input before anything starts; undefined: the hook runs for every input. */
  readonly condition?: Condition | undefined;
  /** The condition as configured. */
  readonly conditionText?: string | undefined;
  /** Thread sources that a Start hook runs for; undefined: all. */
  readonly sources: readonly string[] | undefined;
  /** `on-demand`: only where the caller has switched it on. */
  readonly activation: 'always' | 'on-demand';
}
