/** One run of one hook under a dialect. */

import { findDialect } from '../../src/agents/registry.ts';
import { failModesOf } from '../../src/files/compile-entry.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import type { Dialect, EventRules } from '../../src/protocol/dialect.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../protocol/samples.ts';

/** `dialect event`, and what the script did. Objects are printed as JSON. */
export function ran(
  place: string,
  exitCode: number,
  stdout: unknown = '',
  stderr = '',
  over: Partial<Hook> = {},
): HookResult {
  const text = typeof stdout === 'string' ? stdout : JSON.stringify(stdout);
  const { dialect, hook } = placed(place, over);
  return decide(dialect, hook, exited(exitCode, text, stderr));
}

/** A hook that says nothing about its failMode. */
export function placed(place: string, over: Partial<Hook> = {}) {
  const [name = '', event = ''] = place.split(' ');
  const dialect = findDialect(name);
  return {
    dialect,
    hook: sampleHook({ event, ...failModesOf({ dialect, event }, undefined), ...over }),
  };
}

/** What the author of a guard writes down. */
export const closed: Partial<Hook> = { failMode: 'block', failModeIsDefault: undefined };

/**
 * Pairs of an event that can be rejected and a variant of what its hook does: every event is in one,
 * and every variant is with every different row of rules. What events with equal rules do with the
 * same output differs in nothing, so that each of them with each variant shows no more.
 */
export function spread<T>(dialect: Dialect, variants: readonly T[]): (readonly [string, T])[] {
  const rows = new Map<string, string[]>();
  for (const place of gates(dialect)) {
    const rules = verdictRules(dialect.events[String(place.split(' ')[1])]);
    rows.set(rules, [...(rows.get(rules) ?? []), place]);
  }
  return [...rows.values()].flatMap((places) => {
    const most = Math.max(places.length, variants.length);
    const [allPlaces, allVariants] = [repeated(places, most), repeated(variants, most)];
    return allPlaces.flatMap((place, n) =>
      allVariants.slice(n, n + 1).map((one) => [place, one] as const),
    );
  });
}

/** The list from its start again and again, until it has `length` entries. */
function repeated<T>(list: readonly T[], length: number): T[] {
  return Array.from({ length: Math.ceil(length / list.length) }, () => list)
    .flat()
    .slice(0, length);
}

/** The rules of an event without those for matching and time, which end before a verdict. */
function verdictRules(rules: EventRules | undefined): string {
  return JSON.stringify({
    ...rules,
    usesMatcher: undefined,
    matchOn: undefined,
    defaultTimeoutMs: undefined,
  });
}

/** Events that can be rejected, with a rule that a rejection needs no words. */
export function gates({ name, events }: Dialect): string[] {
  const all = Object.entries(events).filter(
    ([, rules]) =>
      rules.canBlock &&
      rules.blankReason === 'default-text' &&
      rules.continueFalse !== 'stop-beats-block',
  );
  return all.map(([event]) => `${name} ${event}`);
}
