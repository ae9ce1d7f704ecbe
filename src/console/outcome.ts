/** What a decision is in lists, colours and counters. */
import type { Outcome } from '../server/outcome.ts';

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
