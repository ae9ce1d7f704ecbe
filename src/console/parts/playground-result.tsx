/** The decision of a run in the playground, and what every hook did. */

import { howOf } from '../../protocol/how.ts';
import type { EvaluateAnswer, Explanation } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { DecisionMark } from './decision.tsx';
import { HookStates } from './hook-states.tsx';
import { Output } from './output.tsx';

interface ResultProps {
  readonly decision: EvaluateAnswer & { readonly explanation?: Explanation };
}

export function PlaygroundResult({ decision }: ResultProps) {
  const { evaluationId, decidedBy, cause, reason, results, explanation } = decision;
  return (
    <>
      <h2>
        <DecisionMark said={{ decision: decision.decision, how: howOf(cause) }} />
        {decidedBy !== undefined && ` by ${visible(decidedBy)}`}
      </h2>
      {reason !== undefined && <Output label="Reason" text={reason} />}
      <p>
        <a href={hrefOf(['evaluation', evaluationId])}>Open this evaluation</a>
      </p>
      {explanation !== undefined && <HookStates explanation={explanation} />}
      {results.map(({ hook, facts }) => (
        <section class="panel">
          <strong>{visible(hook)}</strong>
          {facts != null && facts.status !== 'replied' && (
            <>
              <Output label="stdout" text={facts.stdoutHead} isTruncated={facts.stdoutTruncated} />
              <Output label="stderr" text={facts.stderrHead} isTruncated={facts.stderrTruncated} />
            </>
          )}
          {facts?.status === 'replied' && (
            <Output label="Answer" text={facts.replyHead} isTruncated={facts.replyTruncated} />
          )}
        </section>
      ))}
    </>
  );
}
