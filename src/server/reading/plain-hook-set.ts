/** A hook set without its functions, so that a thread can hand it over, and the way back. */

import { findDialect } from '../../agents/registry.ts';
import type { LoadedHook } from '../../files/hook-entry.ts';
import type { HookSet } from '../../files/hook-set.ts';
import { type Dialect, eventRules } from '../../protocol/dialect.ts';
import type { Hook } from '../../protocol/hook.ts';
import { compileCondition } from '../../protocol/matching/condition.ts';
import { compileMatcher } from '../../protocol/matching/matcher.ts';
import { compiledWhenUsed } from '../../protocol/matching/patterns/deferred.ts';
import { shortened } from '../../protocol/shown.ts';

type PlainHook = Omit<Hook, 'matches' | 'condition'>;

interface PlainLoadedHook extends Pick<LoadedHook, 'scriptPlace' | 'warnings'> {
  readonly hook: PlainHook;
}

export interface PlainHookSet extends Omit<HookSet, 'dialect' | 'hooks'> {
  readonly dialectName: string;
  readonly hooks: readonly PlainLoadedHook[];
}

export function toPlain({ dialect, hooks, ...rest }: HookSet): PlainHookSet {
  return { ...rest, dialectName: dialect.name, hooks: hooks.map(toPlainHook) };
}

/**
 * Matchers and conditions are compiled when an event first meets them, out of its steps: they were found good before.
 * 1,000 of 1 KiB would hold this thread for 0.3 to 6 s.
 */
export function fromPlain({ dialectName, hooks, ...rest }: PlainHookSet): HookSet {
  const dialect = findDialect(dialectName);
  return { ...rest, dialect, hooks: hooks.map((loaded) => fromPlainHook(dialect, loaded)) };
}

function toPlainHook({ hook, scriptPlace, warnings }: LoadedHook): PlainLoadedHook {
  const { matches: _, condition: __, ...plain } = hook;
  return { hook: plain, scriptPlace, warnings };
}

function fromPlainHook(dialect: Dialect, { hook, scriptPlace, warnings }: PlainLoadedHook): LoadedHook {
  const { event, matcher, conditionText } = hook;
  const rule = eventRules(dialect, event).matcher;
  const condition =
    conditionText === undefined ? undefined : compiledWhenUsed(conditionText, () => compileCondition(conditionText));
  return {
    hook: {
      ...hook,
      matches: compiledWhenUsed(matcher ?? '', () => compileMatcher(dialect, matcher, rule)),
      condition,
    },
    scriptPlace,
    scriptProblem: (message) => ({ ...scriptPlace, message: shortened(message) }),
    warnings,
  };
}
