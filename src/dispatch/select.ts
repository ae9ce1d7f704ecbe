/** Selects the hooks of an event, and orders them. */
import { InvalidInputError } from '../errors.ts';
import type { Content } from '../protocol/content.ts';
import { type Context, toolCallIn } from '../protocol/context.ts';
import type { Diagnostic } from '../protocol/decision.ts';
import type { Dialect, EventRules } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import { documentLimits } from '../protocol/limits.ts';
import type { ToolCall } from '../protocol/matching/condition.ts';
import { withoutDuplicates } from '../protocol/matching/dedupe.ts';
import { orderHooks, orderOf } from '../protocol/matching/order.ts';
import { Matching } from '../protocol/matching/patterns/matching.ts';

export interface Selection {
  readonly hooks: Hook[];
  /**
   * Those of the hooks whose condition does not hold: they run only where a hook before them
   * changes the context.
   */
  readonly unmet: ReadonlySet<Hook>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a hook is not for an event. */
export type Miss = 'other-event' | 'switched-off' | 'matcher' | 'source' | 'condition';

/** Told what became of the hooks that are not among those of the selection, and of doubts. */
export interface SelectionObserver {
  readonly missed: (hook: Hook, why: Miss) => void;
  /** The agent runs `first` alone in the place of both. */
  readonly duplicate: (hook: Hook, first: Hook) => void;
  readonly undecided: (hook: Hook) => void;
}

/** What hooks are compared with. */
interface Wanted {
  readonly context: Context;
  readonly rules: EventRules;
  readonly active: ReadonlySet<string>;
  readonly source: string | undefined;
}

/** Maximum number of hooks that a diagnostic names. */
const maxNamed = 20;

/**
 * All patterns of the event share one limit; a hook that is undecided within it runs.
 * @param active names of on-demand hooks that are switched on.
 * @param observer told by the same tests that select.
 * @throws InvalidInputError `INVALID_HOOKS` when several files together have more hooks of the
 * event than one file may have, whatever they match. They are counted before any is matched: four
 * files can have 4,000 hooks.
 */
export function selectHooks(
  dialect: Dialect,
  hooks: readonly Hook[],
  context: Context,
  active: ReadonlySet<string>,
  observer?: SelectionObserver,
): Selection {
  const rules = eventRules(dialect, context.event);
  const wanted = { context, rules, active, source: context.threadSource?.toLowerCase() };
  const declared = declaredFor(hooks, wanted, observer);
  const heard = new Matching();
  // Steps of shadow hooks must not be missing to the others.
  const unheard = new Matching();
  const undecided: string[] = [];
  const unmet = new Set<Hook>();
  const selected = declared.filter((hook) => {
    const matching = isHeard(hook) ? heard : unheard;
    const before = matching.untold;
    const why = unmatched(hook, wanted, matching);
    if (why !== undefined) {
      observer?.missed(hook, why);
      if (why === 'condition') unmet.add(hook);
      return false;
    }
    if (matching.untold > before) {
      observer?.undecided(hook);
      if (isHeard(hook)) undecided.push(hook.name);
    }
    return true;
  });
  const inOrder = orderHooks(dialect, selected);
  const hooksNow = withoutDuplicates(dialect, inOrder, observer?.duplicate);
  const diagnostics = diagnosticsOf(undecided);
  // Only in a pipe can a hook change what a later condition is tested on.
  if (unmet.size === 0 || orderOf(dialect, hooksNow) !== 'piped')
    return { hooks: hooksNow, unmet: new Set(), diagnostics };
  const kept = new Set([...hooksNow, ...unmet]);
  return {
    hooks: orderHooks(
      dialect,
      declared.filter((hook) => kept.has(hook)),
    ),
    unmet,
    diagnostics,
  };
}

/**
 * Tests conditions on a context that a hook changed. A context that names no tool, or cannot be
 * read, meets each of them.
 */
export function conditionTest(dialect: Dialect): (hook: Hook, content: Content) => boolean {
  const calls = new Map<Content, ToolCall | undefined>();
  const heard = new Matching();
  // Steps of shadow hooks must not be missing to the others.
  const unheard = new Matching();
  return (hook, content) => {
    if (!calls.has(content)) calls.set(content, toolIn(dialect, content));
    const call = calls.get(content);
    const matching = isHeard(hook) ? heard : unheard;
    return call === undefined || hook.condition?.(call, matching) !== false;
  };
}

function toolIn(dialect: Dialect, content: Content): ToolCall | undefined {
  try {
    return content.text === undefined
      ? undefined
      : toolCallIn(dialect, JSON.parse(content.text) as object);
  } catch {
    return undefined;
  }
}

/** The hooks of an event that always run or are switched on. */
function declaredFor(
  hooks: readonly Hook[],
  wanted: Wanted,
  observer: SelectionObserver | undefined,
): Hook[] {
  const declared = hooks.filter((hook) => {
    const why = undeclared(hook, wanted);
    if (why !== undefined) observer?.missed(hook, why);
    return why === undefined;
  });
  if (declared.length <= documentLimits.hooksOfEvent) return declared;
  const counts = `The files have ${declared.length} ${wanted.context.event} hooks together; ${documentLimits.hooksOfEvent} are the most.`;
  throw new InvalidInputError('INVALID_HOOKS', `${counts} Write several checks into one script.`);
}

function undeclared(hook: Hook, { context, active }: Wanted): Miss | undefined {
  if (hook.event !== context.event) return 'other-event';
  return hook.activation === 'always' || active.has(hook.name) ? undefined : 'switched-off';
}

/** Why a hook that is declared for the event does not match it. */
function unmatched(
  hook: Hook,
  { context, rules, source }: Wanted,
  matching: Matching,
): Miss | undefined {
  const { subject, tool } = context;
  // Without a subject there is nothing to match against: the hook runs.
  if (rules.usesMatcher && subject !== undefined && !hook.matches(subject, matching))
    return 'matcher';
  if (rules.usesSources && !fromSource(hook, source)) return 'source';
  if (hook.condition === undefined || tool === undefined) return undefined;
  return hook.condition(tool, matching) ? undefined : 'condition';
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
