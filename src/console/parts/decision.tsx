/**
 * A decision in one word and one shape. A block by a hook, a block by a fail mode and a hook that did
 * not run are three things, told apart by word and sign as well as by colour.
 */
import { type Outcome, outcomeOf, type Said } from '../outcome.ts';

const words: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  allow: { sign: '✓', word: 'allow' },
  none: { sign: '·', word: 'none' },
  ask: { sign: '?', word: 'ask' },
  block: { sign: '✕', word: 'block' },
  'fail-mode': { sign: '!', word: 'fail mode' },
  'not-run': { sign: '–', word: 'not run' },
};

export function DecisionMark({ said }: { said: Said }) {
  const outcome = outcomeOf(said);
  const { sign, word } = words[outcome];
  const text = outcome === 'fail-mode' ? `${said.decision} (fail mode)` : word;
  return (
    <span class={`mark mark-${outcome}`}>
      <span aria-hidden="true">{sign}</span> {text}
    </span>
  );
}
