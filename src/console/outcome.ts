/** What a decision is in lists, colours and counters. */

/** The decision of an evaluation or of a hook, with what caused it. */
export interface Said {
  readonly decision: string;
  /** Absent where no hook has decided. */
  readonly cause?: { readonly kind: string } | undefined;
}

export type Outcome = 'allow' | 'none' | 'ask' | 'block' | 'fail-mode' | 'not-run';

/**
 * A decision that a fail mode made is no word of a hook, whether it blocks or permits: the hook
 * failed.
 */
export function outcomeOf({ decision, cause }: Said): Outcome {
  if (cause?.kind === 'fail-mode') return 'fail-mode';
  if (cause?.kind === 'not-run' || cause?.kind === 'unsupported') return 'not-run';
  return decision === 'allow' || decision === 'ask' || decision === 'block' ? decision : 'none';
}
