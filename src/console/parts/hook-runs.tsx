/** What each hook that was called did: its facts as the record has them. */

import { howOf } from '../../protocol/how.ts';
import type { EvaluationRecord } from '../../server/api-types.ts';
import { visible } from '../ansi.ts';
import { DecisionMark } from './decision.tsx';
import { Output } from './output.tsx';

type HookRun = EvaluationRecord['hooks'][number];

export function HookRuns({ hooks }: { hooks: readonly HookRun[] }) {
  if (hooks.length === 0) return <p>No hook was called.</p>;
  return (
    <div class="panels">
      {hooks.map((hook) => (
        <HookRunPanel hook={hook} />
      ))}
    </div>
  );
}

function HookRunPanel({ hook }: { hook: HookRun }) {
  const { decision, cause, facts, ranIn, reason } = hook;
  return (
    <section class="panel">
      <div class="row">
        <strong>{visible(hook.hook)}</strong>
        <DecisionMark said={{ decision, how: howOf(cause) }} />
      </div>
      <p>{causeText(cause)}</p>
      {reason !== undefined && <Output label="Reason" text={reason} />}
      {facts === null && <p class="quiet">It did not run.</p>}
      {facts?.status === 'replied' && <p class="quiet">What the service answered is not kept.</p>}
      {facts != null && facts.status !== 'replied' && (
        <>
          <p class="quiet">
            {facts.status}
            {facts.exitCode !== null && `, exit code ${facts.exitCode}`}
            {facts.signal !== null && `, signal ${facts.signal}`}
            {facts.oomKills > 0 && ', out of memory'}
          </p>
          <Output label="stdout" text={facts.stdoutHead} isTruncated={facts.stdoutTruncated} />
          <Output label="stderr" text={facts.stderrHead} isTruncated={facts.stderrTruncated} />
        </>
      )}
      <dl class="facts">
        {Object.entries({
          Kind: hook.kind,
          Runtime: hook.runtime,
          Script: hook.scriptSha256,
          Address: hook.url,
          Container: ranIn?.container,
          Worker: ranIn?.worker,
        }).map(
          ([title, value]) =>
            value !== undefined && (
              <>
                <dt>{title}</dt>
                <dd class="mono">{visible(value)}</dd>
              </>
            ),
        )}
      </dl>
    </section>
  );
}

function causeText(cause: HookRun['cause']): string {
  if (cause.kind === 'exit-code') return `By its exit code ${cause.exitCode}.`;
  if (cause.kind === 'output') return 'By what it printed.';
  return `By its fail mode: ${visible(cause.message)} (${cause.code})`;
}
