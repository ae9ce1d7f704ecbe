/** Runs an evaluation once more, with the hooks as they were. */
import { useState } from 'preact/hooks';
import { howOf } from '../../protocol/how.ts';
import type { ReplayAnswer } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { ApiError, ask } from '../api.ts';
import { DecisionMark } from './decision.tsx';

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'answered'; readonly answer: ReplayAnswer }
  | { readonly kind: 'failed'; readonly why: string };

export function Replay({ id }: { id: string }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const replay = async () => {
    setState({ kind: 'running' });
    try {
      const path = `/v1/evaluations/${encodeURIComponent(id)}/replay`;
      setState({ kind: 'answered', answer: await ask<ReplayAnswer>(path, { method: 'POST' }) });
    } catch (error) {
      setState({ kind: 'failed', why: error instanceof ApiError ? error.message : String(error) });
    }
  };
  return (
    <div>
      <button type="button" onClick={replay} disabled={state.kind === 'running'}>
        {state.kind === 'running' ? 'Running …' : 'Replay'}
      </button>
      <div role="status">
        {state.kind === 'answered' && <Answer answer={state.answer} />}
        {state.kind === 'failed' && <p class="failure">{state.why}</p>}
      </div>
    </div>
  );
}

function Answer({ answer: { same, decision } }: { answer: ReplayAnswer }) {
  const { evaluationId, cause } = decision;
  return (
    <p>
      <DecisionMark said={{ decision: decision.decision, how: howOf(cause) }} />{' '}
      {same ? 'The same decision as before.' : 'Another decision than before.'}{' '}
      <a href={hrefOf(['evaluation', evaluationId])}>Open this evaluation</a>
    </p>
  );
}
