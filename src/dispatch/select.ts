/** Selects the hooks of an event, and orders them. */
import { InvalidInputError } from '../errors.ts';
import type { Context } from '../protocol/context.ts';
import type { Diagnostic } from '../protocol/decision.ts';
import { type Dialect, eventRules } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import { documentLimits } from '../protocol/limits.ts';
import { withoutDuplicates } from '../protocol/matching/dedupe.ts';
import { orderHooks } from '../protocol/matching/order.ts';
import { Matching } from '../protocol/matching/patterns/matching.ts';

export interface Selection {
  readonly hooks: Hook[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Maximum number of hooks that a diagnostic names. */
const maxNamed = 20;

/**
 * All patterns of the event share one limit; a hook that is undecided within it runs.
 * @param active names of on-demand hooks that are switched on.
 * @throws InvalidInputError `INVALID_HOOKS` when several files together have more hooks of the event than one file
 * may have, whatever they match. They are counted before any is matched: four files can have 4,000 hooks.
 */
export function selectHooks(dialect: Dialect, hooks: readonly Hook[], context: Context, active: ReadonlySet<string>): Selection {
  const declared = declaredFor(hooks, context.event, active);
  const rules = eventRules(dialect, context.event);
  const source = context.threadSource?.toLowerCase();
  const matching = new Matching();
  const undecided: string[] = [];
  const selected = declared.filter((hook) => {
    const before = matching.untold;
    const isFor =
      // Without a subject there is nothing to match against: the hook runs.
      (!rules.usesMatcher || context.subject === undefined || hook.matches(context.subject, matching)) &&
      (!rules.usesSources || fromSource(hook, source)) &&
      (hook.condition === undefined || context.tool === undefined || hook.condition(context.tool, matching));
    if (isFor && matching.untold > before) undecided.push(hook.name);
    return isFor;
  });
  return { hooks: withoutDuplicates(dialect, orderHooks(dialect, selected)), diagnostics: diagnosticsOf(undecided) };
}

/** The hooks of an event that always run or are switched on. */
function declaredFor(hooks: readonly Hook[], event: string, active: ReadonlySet<string>): Hook[] {
  const declared = hooks.filter((hook) => hook.event === event && (hook.activation === 'always' || active.has(hook.name)));
  if (declared.length <= documentLimits.hooksOfEvent) return declared;
  const counts = `The files have ${declared.length} ${event} hooks together; ${documentLimits.hooksOfEvent} are the most.`;
  throw new InvalidInputError('INVALID_HOOKS', `${counts} Write several checks into one script.`);
}

function fromSource(hook: Hook, source: string | undefined): boolean {
  return hook.sources === undefined || hook.sources.some((one) => one.toLowerCase() === source);
}

function diagnosticsOf(undecided: readonly string[]): Diagnostic[] {
  if (undecided.length === 0) return [];
  const more = undecided.length > maxNamed ? ` and ${undecided.length - maxNamed} more` : '';
  const names = undecided.slice(0, maxNamed).join(', ');
  const message = `Within the limits of matching it could not be told whether these hooks are for the event, so they run: ${names}${more}.`;
  return [{ code: 'match-undecided', message }];
}
