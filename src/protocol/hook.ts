/** A configured hook, checked and compiled, as the dispatcher uses it. */

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
  /** Name of the profile of its sandbox; undefined: the default one. */
  readonly profile?: string | undefined;
  /** The matcher as configured, for people; undefined when there was none. */
  readonly matcher: string | undefined;
  readonly matches: Matcher;
  readonly timeoutMs: number;
  readonly failMode: FailMode;
  /** The failMode is the dialect's default and was not set by the author. */
  readonly failModeIsDefault?: boolean | undefined;
  /** Output that the dialect does not know is an error. */
  readonly strictOutput?: boolean | undefined;
  /**
   * With failMode block or ask: a program that failed on the way to exit code 0 is a diagnostic and
   * no failure.
   */
  readonly ignoreToolErrors?: boolean | undefined;
  /** An error that does not block appears only in diagnostics. */
  readonly quiet?: boolean | undefined;
  /** Runs until it has passed once in a session. */
  readonly once?: boolean | undefined;
  /** What it leaves in /tmp is there in its next run of the session. */
  readonly state?: 'session' | undefined;
  /** The evaluation does not wait for the hook, and its result does not affect the decision. */
  readonly async?: boolean | undefined;
  /** The hook runs when the event is decided, and is recorded with what it would have decided. */
  readonly shadow?: boolean | undefined;
  /**
   * If one hook of an event has this flag, the event's hooks run one after another, each on the
   * context as the ones before changed it.
   */
  readonly sequential?: boolean | undefined;
  /**
   * The number of consecutive rejections at the end of a turn after which the hook's blocks are
   * ignored; undefined: the dialect's number.
   */
  readonly maxRejections?: number | undefined;
  /** Tests the tool's input before anything starts; undefined: the hook runs for every input. */
  readonly condition?: Condition | undefined;
  /** The condition as configured. */
  readonly conditionText?: string | undefined;
  /** Thread sources that a Start hook runs for; undefined: all. */
  readonly sources: readonly string[] | undefined;
  /** `on-demand`: only where the caller has switched it on. */
  readonly activation: 'always' | 'on-demand';
  /**
   * What the script probably needs and its sandbox does not have, as sentences: a program that the
   * image lacks, a file that does not go along. Undefined: nothing was found.
   */
  readonly lacks?: readonly string[] | undefined;
  /** The same for files of the project, which a sandbox with a workspace has. */
  readonly lacksOfProject?: readonly string[] | undefined;
}

/** Whether what the hook says counts; false for a shadow hook. */
export function isHeard({ shadow }: Pick<Hook, 'shadow'>): boolean {
  return shadow !== true;
}
