/** For which of the last kept evaluations the text in the editor would run other hooks. */

import { useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import type { TryAnswer } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { type StoredText, tryText } from '../hook-set-draft.ts';
import { shownTime } from '../shown.ts';
import { DecisionMark } from './decision.tsx';

interface TryOutProps {
  readonly name: string;
  readonly stored: StoredText;
  readonly text: string;
}

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'answered'; readonly answer: TryAnswer; readonly text: string }
  | { readonly kind: 'failed'; readonly why: string };

export function TryOut({ name, stored, text }: TryOutProps) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const compare = async () => {
    setState({ kind: 'running' });
    try {
      const answer = await tryText(name, stored, text, new AbortController().signal);
      setState({ kind: 'answered', answer, text });
    } catch (error) {
      setState({ kind: 'failed', why: messageOf(error) });
    }
  };
  return (
    <section>
      <h2>What it would change</h2>
      <button type="button" onClick={compare} disabled={state.kind === 'running'}>
        {state.kind === 'running' ? 'Comparing …' : 'Try against past evaluations'}
      </button>
      <div role="status">
        {state.kind === 'failed' && <p class="failure">{visible(state.why)}</p>}
        {state.kind === 'answered' && (
          <>
            {state.text !== text && <p class="quiet">The text was changed since.</p>}
            <Compared answer={state.answer} />
          </>
        )}
      </div>
    </section>
  );
}

function Compared({ answer }: { answer: TryAnswer }) {
  const { considered, change, changes, withoutContext, unreadable, note } = answer;
  return (
    <>
      <p>
        <strong>
          {change} of the last {considered} would change.
        </strong>{' '}
        {withoutContext > 0 && `${withoutContext} more cannot be compared: no context was kept. `}
        {unreadable > 0 && `${unreadable} contexts are refused by the new hooks.`}
      </p>
      <p class="quiet">{note}</p>
      <ul>
        {changes.map(({ evaluation, hooks, decision }) => (
          <li>
            <a href={hrefOf(['evaluation', evaluation.id])}>{shownTime(evaluation.at)}</a>{' '}
            {visible(`${evaluation.event} ${evaluation.tool ?? ''}`)}{' '}
            <DecisionMark said={evaluation} />
            {decision === 'may-change' && ' may change'}
            <ul>
              {hooks.map(({ hook, change: how, what, decided }) => (
                <li>
                  {visible(hook)}: {how}
                  {what !== undefined && ` (${what.join(', ')})`}
                  {decided && ', it had decided'}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}
