/** A configured hook, checked and compiled: what the dispatcher works with. */
import type { Condition } from './condition.ts';
import type { FailMode, Tier } from './dialect.ts';
import type { Matcher } from './matcher.ts';
import type { Script } from './script.ts';

export interface Hook {
  /** Unique in its hook set; `<Event>[<n>]` when the file gives none. */
  readonly name: string;
  readonly event: string;
  readonly tier: Tier;
  /** null: a hook of a type that needs a model, which hookpool does not run; its failMode speaks. */
  readonly script: Script | null;
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
  /** Looks at the tool's input before anything starts; undefined: the hook runs for every input. */
  readonly condition?: Condition | undefined;
  /** Thread sources that a Start hook runs for; undefined: all. */
  readonly sources: readonly string[] | undefined;
  /** `on-demand`: only where the caller has switched it on. */
  readonly activation: 'always' | 'on-demand';
}
