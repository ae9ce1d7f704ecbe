/** Removes hooks that are configured twice and that the agent system runs only once. */

import { actionKey } from '../action.ts';
import type { Dialect } from '../dialect.ts';
import type { Hook } from '../hook.ts';

/**
 * Keeps the first of equal hooks. The dialect defines which hooks are equal, but two hooks with different failModes
 * never are.
 */
export function withoutDuplicates({ dedupe }: Dialect, hooks: readonly Hook[]): Hook[] {
  if (dedupe === 'none') return [...hooks];
  const seen = new Set<string>();
  return hooks.filter((hook) => {
    const key = JSON.stringify([hook.failMode, hook.failModeIsDefault, ...identity(dedupe, hook)]);
    const isNew = hook.action.kind !== 'command' || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function identity(rule: Exclude<Dialect['dedupe'], 'none'>, { name, action, matcher, timeoutMs, ...hook }: Hook): unknown[] {
  const command = [actionKey(action)];
  // A name with this ending was generated from the hook's place.
  const given = /\](#\d+)?$/.test(name) ? '' : name;
  if (rule === 'command') return command;
  if (rule === 'name-and-command') return [given, ...command];
  return [given, ...command, matcher, timeoutMs, hook.strictOutput, hook.quiet, hook.tier];
}
