/** What a decision counts as in lists, colours and counters. */
import type { How } from '../protocol/how.ts';

/** A decision with how it came about: `how` of a summary or of an explained hook. */
export interface Said {
  readonly decision: string;
  readonly how?: How | undefined;
}

export const outcomes = ['block', 'fail-mode', 'not-run', 'ask', 'allow', 'none'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * What a fail mode decided is no word of a hook, whether it blocks or permits; and a hook that failed
 * is something else than one that did not run.
 */
export function outcomeOf({ decision, how }: Said): Outcome {
  if (how === 'fail-mode' || how === 'not-run') return how;
  return decision === 'allow' || decision === 'ask' || decision === 'block' ? decision : 'none';
}
