/** One evaluation: what was decided, by which hook, why, and what every other hook of the set did. */

import { howOf } from '../../protocol/how.ts';
import type {
  AnswersAnswer,
  EvaluationRecord,
  Explanation,
  KeptContext,
} from '../../server/api-types.ts';
import { hrefOf, type Route } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import { curlOf, hookTestOf } from '../exports.ts';
import { type Loaded, useLoaded } from '../load.ts';
import { AgentAnswers } from '../parts/agent-answers.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { DecisionMark } from '../parts/decision.tsx';
import { HookRuns } from '../parts/hook-runs.tsx';
import { HookStates } from '../parts/hook-states.tsx';
import { Loading } from '../parts/loading.tsx';
import { Output } from '../parts/output.tsx';
import { Replay } from '../parts/replay.tsx';
import { type Bar, Waterfall } from '../parts/waterfall.tsx';
import { shownMs, shownTime } from '../shown.ts';

export function Evaluation({ route: { path } }: { route: Route }) {
  const [, id = ''] = path;
  const at = `/v1/evaluations/${encodeURIComponent(id)}`;
  const record = useLoaded(id, (signal) => ask<EvaluationRecord>(at, { signal }));
  const kept = useLoaded(`${id} context`, (signal) =>
    ask<KeptContext>(`${at}/context`, { signal }),
  );
  return (
    <Loading what="The evaluation" loaded={record}>
      {(value) => <Whole record={value} kept={kept} />}
    </Loading>
  );
}

interface WholeProps {
  readonly record: EvaluationRecord;
  readonly kept: Loaded<KeptContext>;
}

function Whole({ record, kept }: WholeProps) {
  const explanation = useLoaded(`${record.id} explanation`, (signal) =>
    ask<Explanation>(`/v1/evaluations/${encodeURIComponent(record.id)}/explanation`, { signal }),
  );
  const isExplained = explanation.value?.answers !== undefined;
  const answers = useLoaded(`${record.id} ${explanation.state}`, async (signal) => {
    if (explanation.state === 'loading' || isExplained) return [];
    return (await askAnswers(record, signal)).answers;
  });
  return (
    <>
      <h1>
        <DecisionMark said={{ decision: record.decision, how: howOf(record.cause) }} />{' '}
        {headline(record)}
      </h1>
      <Facts record={record} />
      {record.reason !== undefined && <Output label="Reason" text={record.reason} />}
      <Actions record={record} kept={kept} />
      <h2>Hooks of the set</h2>
      {explanation.value === undefined ? (
        <p class="quiet">{notExplained(explanation)}</p>
      ) : (
        <HookStates explanation={explanation.value} />
      )}
      <h2>Runs</h2>
      {record.hooks.length > 0 && (
        <Waterfall bars={record.hooks.map(barOf)} totalMs={record.durationMs} />
      )}
      <HookRuns hooks={record.hooks} />
      {record.diagnostics.length > 0 && <Diagnostics record={record} />}
      {kept.value !== undefined && <Output label="Context" text={kept.value.context} />}
      <h2>The answer in the words of each agent</h2>
      <Loading what="The answers" loaded={answers}>
        {(value) => <AgentAnswers answers={explanation.value?.answers ?? value} />}
      </Loading>
    </>
  );
}

function headline({ decision, decidedBy, cause, event, tool }: EvaluationRecord): string {
  const what = visible(tool === undefined ? event : `${event} of ${tool}`);
  if (decidedBy === undefined || cause === undefined) return `${what}: no hook decided`;
  const by = visible(decidedBy);
  if (cause.kind === 'exit-code')
    return `${what}: ${decision}, because ${by} left with exit code ${cause.exitCode}`;
  if (cause.kind === 'output') return `${what}: ${decision}, because ${by} printed so`;
  return howOf(cause) === 'not-run'
    ? `${what}: ${decision} by the fail mode, because ${by} did not run (${cause.code})`
    : `${what}: ${decision} by the fail mode, because ${by} failed (${cause.code})`;
}

function Facts({ record }: { record: EvaluationRecord }) {
  const { hookset, thread, replayOf, at, durationMs } = record;
  return (
    <dl class="facts">
      <dt>Time</dt>
      <dd>
        <time dateTime={at}>{shownTime(at)}</time>, {shownMs(durationMs)}
      </dd>
      <dt>Agent</dt>
      <dd>{record.dialect}</dd>
      {record.subject !== undefined && (
        <>
          <dt>Used on</dt>
          <dd class="mono">{visible(record.subject)}</dd>
        </>
      )}
      {hookset !== undefined && (
        <>
          <dt>Hook set</dt>
          <dd>
            <a href={hrefOf(['hook-set', hookset])}>{hookset}</a>
          </dd>
        </>
      )}
      {thread !== undefined && (
        <>
          <dt>Thread</dt>
          <dd>
            <a href={hrefOf(['threads', thread])}>{visible(thread)}</a>
          </dd>
        </>
      )}
      {replayOf !== undefined && (
        <>
          <dt>Replay of</dt>
          <dd>
            <a href={hrefOf(['evaluation', replayOf])}>{replayOf}</a>
          </dd>
        </>
      )}
      <dt>Tenant</dt>
      <dd>{record.tenant}</dd>
      <dt>Id</dt>
      <dd class="mono">{record.id}</dd>
    </dl>
  );
}

function Actions({ record, kept }: WholeProps) {
  if (kept.value === undefined) return null;
  const { value } = kept;
  return (
    <div class="row actions">
      <Replay record={record} kept={value} />
      <a class="button" href={hrefOf(['playground'], [['evaluation', record.id]])}>
        Open in the playground
      </a>
      <CopyButton label="Copy as curl" text={() => curlOf(record, value, location.origin)} />
      <CopyButton label="Copy as a test case" text={() => hookTestOf(record, value)} />
    </div>
  );
}

function Diagnostics({ record }: { record: EvaluationRecord }) {
  return (
    <>
      <h2>Diagnostics</h2>
      <ul>
        {record.diagnostics.map(({ code, message }) => (
          <li>
            <code>{code}</code> {visible(message)}
          </li>
        ))}
      </ul>
    </>
  );
}

function notExplained(explanation: Loaded<Explanation>): string {
  if (explanation.state !== 'failed') return 'Loading …';
  const { error } = explanation;
  if (error.status === 403)
    return 'The role of this token does not include contexts, without which the hooks that did not match cannot be explained.';
  if (error.status !== 409) return error.message;
  return 'The context was not kept, so the hooks that did not match cannot be explained. Start the server with --keep-contexts.';
}

/** Where no explanation has them: in the words that the record has of the decision. */
function askAnswers(record: EvaluationRecord, signal: AbortSignal): Promise<AnswersAnswer> {
  const { decision, reason, decidedBy, dialect, event } = record;
  const said = { decision, ...(reason === undefined ? {} : { reason }), decidedBy };
  const body = { decision: said, event, dialect };
  return ask<AnswersAnswer>('/v1/answers', { method: 'POST', body, signal });
}

function barOf({ hook, startedMs = 0, durations }: EvaluationRecord['hooks'][number]): Bar {
  const { queueMs, leaseMs, runMs } = durations;
  return { name: visible(hook), startMs: startedMs, queueMs, leaseMs, runMs };
}
