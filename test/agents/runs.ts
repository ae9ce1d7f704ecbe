/** One run of one hook under a dialect. */

import { findDialect } from '../../src/agents/registry.ts';
import { failModesOf } from '../../src/files/compile-entry.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import type { Dialect } from '../../src/protocol/dialect.ts';
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
