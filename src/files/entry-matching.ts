/** Compiles what selects a hook: its matcher and its condition. */
import { attempted } from '../errors.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import type { Hook } from '../protocol/hook.ts';
import { compileCondition } from '../protocol/matching/condition.ts';
import { compileMatcher } from '../protocol/matching/matcher.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { HookEntry } from './hook-schema.ts';
import type { EntryPlace } from './loaded-hook.ts';

export interface CompiledMatching
  extends Pick<Hook, 'matcher' | 'matches' | 'condition' | 'conditionText'> {
  readonly problems: readonly KeyProblem[];
}

/**
 * A matcher or a condition that cannot be compiled selects everything, for an unsupported hook: its
 * failMode counts wherever it might have run.
 */
export function compileMatching(
  { dialect, event }: Pick<EntryPlace, 'dialect' | 'event'>,
  { matcher, if: conditionText }: Pick<HookEntry, 'matcher' | 'if'>,
): CompiledMatching {
  const rule = eventRules(dialect, event).matcher;
  const matches = attempted(() => compileMatcher(dialect, matcher ?? undefined, rule));
  const condition = attempted(() =>
    conditionText === undefined ? undefined : compileCondition(conditionText),
  );
  return {
    matcher: matches.problem === undefined ? (matcher ?? undefined) : '*',
    matches: matches.value ?? (() => true),
    condition: condition.value,
    conditionText: condition.problem === undefined ? conditionText : undefined,
    problems: [
      ...(matches.problem === undefined ? [] : [['matcher', matches.problem] as const]),
      ...(condition.problem === undefined ? [] : [['if', condition.problem] as const]),
    ],
  };
}
