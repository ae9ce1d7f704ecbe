/**
 * Converts a hook set to plain data, without its functions, so that a worker thread can send it,
 * and back.
 */

import { findDialect } from '../../agents/registry.ts';
import type { HookSet } from '../../files/hook-set.ts';
import type { LoadedHook } from '../../files/loaded-hook.ts';
import type { Dialect } from '../../protocol/dialect.ts';
import { eventRules } from '../../protocol/dialect-lookup.ts';
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
 * Matchers and conditions are valid, so each is compiled when an event first needs it, and charged
 * to the steps of that event. Compiling 1,000 of 1 KiB here would block this thread for 0.3 to 6 s.
 */
export function fromPlain({ dialectName, hooks, ...rest }: PlainHookSet): HookSet {
  const dialect = findDialect(dialectName);
  return { ...rest, dialect, hooks: hooks.map((loaded) => fromPlainHook(dialect, loaded)) };
}

function toPlainHook({ hook, scriptPlace, warnings }: LoadedHook): PlainLoadedHook {
  const { matches: _, condition: __, ...plain } = hook;
  return { hook: plain, scriptPlace, warnings };
}

function fromPlainHook(
  dialect: Dialect,
  { hook, scriptPlace, warnings }: PlainLoadedHook,
): LoadedHook {
  const { event, matcher, conditionText } = hook;
  const rule = eventRules(dialect, event).matcher;
  const condition =
    conditionText === undefined
      ? undefined
      : compiledWhenUsed(conditionText, () => compileCondition(conditionText));
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
