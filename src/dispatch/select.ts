/** Which hooks an event calls for, and in which order. */
import { InvalidInputError } from '../errors.ts';
import type { Context } from '../protocol/context.ts';
import { withoutDuplicates } from '../protocol/dedupe.ts';
import { type Dialect, eventRules } from '../protocol/dialect.ts';
import { orderHooks } from '../protocol/files/hooks-file.ts';
import { documentLimits } from '../protocol/files/limits.ts';
import type { Hook } from '../protocol/hook.ts';

/**
 * @param active names of on-demand hooks that are switched on.
 * @throws InvalidInputError `INVALID_HOOKS` when several files together have more hooks for the event than one may.
 */
export function selectHooks(dialect: Dialect, hooks: readonly Hook[], context: Context, active: ReadonlySet<string>): Hook[] {
  const rules = eventRules(dialect, context.event);
  const selected = hooks.filter(
    (hook) =>
      hook.event === context.event &&
      (hook.activation === 'always' || active.has(hook.name)) &&
      // What is not there cannot be told apart: the hook runs.
      (!rules.usesMatcher || context.subject === undefined || hook.matches(context.subject)) &&
      (!rules.usesSources || fromSource(hook, context.threadSource)) &&
      (hook.condition === undefined || context.tool === undefined || hook.condition(context.tool)),
  );
  const due = withoutDuplicates(dialect, orderHooks(dialect, selected));
  if (due.length <= documentLimits.hooksOfEvent) return due;
  const counts = `${due.length} hooks match this ${context.event} event; ${documentLimits.hooksOfEvent} are the most.`;
  throw new InvalidInputError('INVALID_HOOKS', `${counts} Write several checks into one script.`);
}

function fromSource(hook: Hook, source: string | undefined): boolean {
  if (hook.sources === undefined) return true;
  const folded = source?.toLowerCase();
  return hook.sources.some((one) => one.toLowerCase() === folded);
}
