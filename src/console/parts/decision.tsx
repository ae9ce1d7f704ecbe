/**
 * A decision in one word and one sign. A block by a hook, a block by a fail mode and a hook that did
 * not run are told apart by word and sign as well as by colour.
 */
import { outcomeOf, type Said } from '../../server/outcome.ts';
import { shownOutcomes } from '../outcome.ts';

export function DecisionMark({ said }: { said: Said }) {
  const outcome = outcomeOf(said);
  const { sign, word } = shownOutcomes[outcome];
  const isFailure = outcome === 'fail-mode' || outcome === 'not-run';
  return (
    <span class={`mark mark-${outcome}`}>
      <span aria-hidden="true">{sign}</span> {isFailure ? `${said.decision} · ${word}` : word}
    </span>
  );
}
