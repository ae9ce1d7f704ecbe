/** Which hooks an event calls for, and in which order. */
import type { Context } from '../protocol/context.ts';
import { withoutDuplicates } from '../protocol/dedupe.ts';
import { type Dialect, eventRules } from '../protocol/dialect.ts';
import { orderHooks } from '../protocol/files/hooks-file.ts';
import type { Hook } from '../protocol/hook.ts';

/** @param active names of on-demand hooks that are switched on. */
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
  return withoutDuplicates(dialect, orderHooks(dialect, selected));
}

function fromSource(hook: Hook, source: string | undefined): boolean {
  if (hook.sources === undefined) return true;
  const folded = source?.toLowerCase();
  return hook.sources.some((one) => one.toLowerCase() === folded);
}
