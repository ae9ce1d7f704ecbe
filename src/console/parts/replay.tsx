/** Runs an evaluation once more: with the hooks as they were, or with those that are stored now. */

import { useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import { howOf } from '../../protocol/how.ts';
import type {
  EvaluateAnswer,
  EvaluationRecord,
  KeptContext,
  ReplayAnswer,
} from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask, ofTenant } from '../api.ts';
import { DecisionMark } from './decision.tsx';

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'answered'; readonly answer: EvaluateAnswer; readonly isSame: boolean }
  | { readonly kind: 'failed'; readonly why: string };

interface ReplayProps {
  readonly record: EvaluationRecord;
  readonly kept: KeptContext;
}

export function Replay({ record, kept }: ReplayProps) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const run = async (once: () => Promise<Omit<State & { kind: 'answered' }, 'kind'>>) => {
    setState({ kind: 'running' });
    try {
      setState({ kind: 'answered', ...(await once()) });
    } catch (error) {
      setState({ kind: 'failed', why: messageOf(error) });
    }
  };
  const isRunning = state.kind === 'running';
  return (
    <div>
      <div class="row">
        <button type="button" onClick={() => run(() => asItWas(record))} disabled={isRunning}>
          Replay
        </button>
        {record.hookset !== undefined && (
          <button
            type="button"
            onClick={() => run(() => asItIs(record, kept))}
            disabled={isRunning}
          >
            Replay with the stored hooks
          </button>
        )}
      </div>
      <div role="status">
        {isRunning && 'Running …'}
        {state.kind === 'answered' && <Answer {...state} />}
        {state.kind === 'failed' && <p class="failure">{visible(state.why)}</p>}
      </div>
    </div>
  );
}

function Answer({ answer, isSame }: { answer: EvaluateAnswer; isSame: boolean }) {
  const { evaluationId, decision, cause } = answer;
  return (
    <p>
      <DecisionMark said={{ decision, how: howOf(cause) }} />{' '}
      {isSame ? 'The same decision as before.' : 'Another decision than before.'}{' '}
      <a href={hrefOf(['evaluation', evaluationId])}>Open this evaluation</a>
    </p>
  );
}

async function asItWas({ id }: EvaluationRecord) {
  const path = `/v1/evaluations/${encodeURIComponent(id)}/replay`;
  const { decision, same } = await ask<ReplayAnswer>(path, { method: 'POST' });
  return { answer: decision, isSame: same };
}

/** The same call, decided by what is stored under the name of its hook set now. */
async function asItIs(record: EvaluationRecord, kept: KeptContext) {
  const { hookset, dialect, thread, event, decision, reason } = record;
  const { context, transcript, cwd, active } = kept;
  const body = ofTenant({ hookset, dialect, thread, event, context, transcript, cwd, active });
  const answer = await ask<EvaluateAnswer>('/v1/evaluate', { method: 'POST', body });
  return { answer, isSame: answer.decision === decision && answer.reason === reason };
}
