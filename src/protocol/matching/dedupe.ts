/** Removes hooks that are configured twice and that the agent system runs only once. */

import { actionKey } from '../action.ts';
import type { Dialect } from '../dialect.ts';
import type { Hook } from '../hook.ts';

/**
 * Keeps the first of equal hooks. The dialect defines which hooks are equal, but two hooks that
 * decide differently never are: an async hook, or one that runs once, must not replace a guard that
 * decides.
 * @param onDuplicate called for each hook that is left out, with the one that is kept.
 */
export function withoutDuplicates(
  { dedupe }: Dialect,
  hooks: readonly Hook[],
  onDuplicate?: (hook: Hook, first: Hook) => void,
): Hook[] {
  if (dedupe === 'none') return [...hooks];
  const seen = new Map<string, Hook>();
  return hooks.filter((hook) => {
    const key = JSON.stringify([...decisive(hook), ...identity(dedupe, hook)]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, hook);
    const isNew = hook.action.kind === 'unsupported' || first === undefined;
    if (!isNew) onDuplicate?.(hook, first);
    return isNew;
  });
}

/**
 * What changes whether a hook counts, when it runs, or what its output means. A flag that is absent
 * is off.
 */
function decisive({
  failMode,
  failModeIsDefault,
  maxRejections,
  profile,
  ...hook
}: Hook): unknown[] {
  const { strictOutput, ignoreToolErrors, async, shadow, once, sequential, state } = hook;
  const flags = [strictOutput, ignoreToolErrors, async, shadow, once, sequential].map(
    (flag) => flag === true,
  );
  return [failMode, failModeIsDefault, maxRejections, profile, state, ...flags];
}

function identity(
  rule: Exclude<Dialect['dedupe'], 'none'>,
  { name, action, matcher, timeoutMs, ...hook }: Hook,
): unknown[] {
  const command = [actionKey(action)];
  // A name with this ending was generated from the hook's place.
  const given = /\](#\d+)?$/.test(name) ? '' : name;
  if (rule === 'command') return command;
  if (rule === 'name-and-command') return [given, ...command];
  return [given, ...command, matcher, timeoutMs, hook.quiet, hook.tier];
}
