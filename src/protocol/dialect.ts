/**
 * What differs between the hook protocols of agent systems, as data. A dialect is a table; the code
 * that reads it is in decide.ts, combine.ts and matcher.ts.
 */
import { InvalidInputError } from '../errors.ts';

export const failModes = ['allow', 'block'] as const;
export type FailMode = (typeof failModes)[number];

/** Who configured a hook; dialects give the order in which they run. */
export const tiers = ['system', 'agent', 'global'] as const;
export type Tier = (typeof tiers)[number];

/** What one event can do and how its hooks go together. */
export interface EventRules {
  readonly canBlock: boolean;
  /** A person may be asked. Where not, `ask` counts as block: it never turns into allow. */
  readonly canAsk: boolean;
  /** The matcher is applied to the tool name; elsewhere it is ignored. */
  readonly usesMatcher: boolean;
  /** The hook's `sources` are compared with the context's `thread_source`. */
  readonly usesSources: boolean;
  /** The event is the end of the agent's turn: to stop there is consent. */
  readonly endsTurn: boolean;
  /** A block ends the chain; otherwise every matching hook runs. */
  readonly shortCircuit: boolean;
  /** A rejection without a reason: the default text is used, or it counts as approval with a warning. */
  readonly blankReason: 'default-text' | 'approve';
}

export interface Dialect {
  readonly name: string;
  readonly events: Readonly<Record<string, EventRules>>;
  readonly tierOrder: readonly Tier[];
  readonly defaultTimeoutMs: number;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
  readonly defaultFailMode: FailMode;
  readonly maxScriptBytes: number;
  readonly matcher: { readonly anchored: boolean; readonly emptyMatches: 'nothing' | 'everything' };
  /** Output keys, as dotted paths, that belong to this dialect; others are read with a diagnostic. */
  readonly nativeOutput: ReadonlySet<string>;
  /** Where the reason of an exit code 2 comes from, first non-blank one wins. */
  readonly blockReasonFrom: readonly ('stderr' | 'output')[];
  readonly contexts: 'last';
}

/**
 * The dialect's own spelling of an event name, whatever case and underscores it is written with.
 * @throws InvalidInputError `INVALID_EVENT` with the names that exist.
 */
export function findEvent(dialect: Dialect, name: string): string {
  const folded = foldName(name);
  const found = Object.keys(dialect.events).find((event) => foldName(event) === folded);
  if (found !== undefined) return found;
  const known = Object.keys(dialect.events).join(', ');
  throw new InvalidInputError('INVALID_EVENT', `The ${dialect.name} dialect has no event "${name}". Known: ${known}.`);
}

/** @throws InvalidInputError `INVALID_EVENT`, see findEvent() */
export function eventRules(dialect: Dialect, event: string): EventRules {
  const rules = Object.hasOwn(dialect.events, event) ? dialect.events[event] : undefined;
  return rules ?? eventRules(dialect, findEvent(dialect, event));
}

export function foldName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
