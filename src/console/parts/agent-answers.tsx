/** A decision in the words of each agent. */
import type { AgentAnswer } from '../../server/api-types.ts';
import { Output } from './output.tsx';

export function AgentAnswers({ answers }: { answers: readonly AgentAnswer[] }) {
  return (
    <div>
      {answers.map(({ dialect, event, known, blocks, stdout, stderr, exitCode }) => (
        <details key={dialect} class="answer">
          <summary>
            {dialect} <span class="quiet">{event}</span>
            {known && !blocks && <span class="quiet">, cannot be blocked</span>}
            {!known && <span class="quiet">, has no such event</span>}
          </summary>
          <Output label="stdout" text={stdout} />
          <Output label="stderr" text={stderr} />
          <p>Exit code {exitCode}</p>
        </details>
      ))}
    </div>
  );
}
