/** What a decision is in lists, colours and counters. */
import type { EvaluationSummary } from '../server/api-types.ts';

type How = EvaluationSummary['how'];

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

interface Shown {
  readonly sign: string;
  readonly word: string;
  /** Of many, in counters. */
  readonly title: string;
}

export const shownOutcomes: Readonly<Record<Outcome, Shown>> = {
  block: { sign: '✕', word: 'block', title: 'blocked by a hook' },
  'fail-mode': { sign: '!', word: 'fail mode', title: 'decided by a fail mode' },
  'not-run': { sign: '–', word: 'not run', title: 'hook not run' },
  ask: { sign: '?', word: 'ask', title: 'asked' },
  allow: { sign: '✓', word: 'allow', title: 'allowed' },
  none: { sign: '·', word: 'none', title: 'no hook decided' },
};
