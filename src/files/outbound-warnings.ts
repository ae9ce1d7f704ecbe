/** What is told of hooks that need the operator's targets or judges, once it is known whether they are there. */
import type { OutboundAction } from '../protocol/action.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { HookSet } from './hook-set.ts';
import { httpReason } from './http-hook.ts';
import { judgeReason } from './judge-hook.ts';

/** A hook that is asked about. */
export interface OutboundAsked {
  readonly action: OutboundAction;
  readonly dialect: Dialect;
}

/** What is known of a hook: why it would not run, as sentences, or that it would. */
export interface OutboundKnown {
  readonly why?: string | undefined;
}

/** The sentence with which every such hook is loaded, because a file alone does not tell more. */
export function outboundReason({ kind }: Pick<OutboundAction, 'kind'>): string {
  return kind === 'http' ? httpReason : judgeReason;
}

/**
 * The set with what is known in the place of the general warnings.
 * @param knownOf undefined: nothing is known of the hook, and its warning stays.
 */
export function withOutboundWarnings(
  set: HookSet,
  knownOf: (asked: OutboundAsked) => OutboundKnown | undefined,
): HookSet {
  const { dialect } = set;
  const hooks = set.hooks.map((loaded) => {
    const { hook, warnings } = loaded;
    const { action } = hook;
    if (action.kind === 'command' || action.kind === 'unsupported') return loaded;
    const general = outboundReason(action);
    const known = knownOf({ action, dialect });
    if (known === undefined) return loaded;
    const { why } = known;
    return {
      ...loaded,
      warnings: warnings.flatMap((one) => {
        if (!one.message.startsWith(general)) return [one];
        if (why === undefined) return [];
        return [{ ...one, message: `${why} Else it counts as its failMode, ${hook.failMode}.` }];
      }),
    };
  });
  return { ...set, hooks };
}
