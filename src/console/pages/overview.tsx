/** What happens now: decisions of the last minutes, the slowest, the hooks that block, readiness. */
import { useRef } from 'preact/hooks';
import type { EvaluationPage, EvaluationSummary, SystemAnswer } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import { useEvery } from '../every.ts';
import { useLoaded } from '../load.ts';
import { outcomes, shownOutcomes } from '../outcome.ts';
import { EvaluationTable } from '../parts/evaluation-table.tsx';
import { Loading } from '../parts/loading.tsx';
import { Minutes } from '../parts/minutes.tsx';
import { type Recent, recentOf } from '../recent.ts';
import { shownCount, shownMs } from '../shown.ts';

const minuteCount = 15;
const everyMs = 5_000;
/** Pages of 200 that the counts are made of: 2,000 evaluations of 15 minutes. */
const mostPages = 10;

export function Overview() {
  const isBusy = useRef(false);
  const beat = useEvery(everyMs, isBusy);
  const recent = useLoaded('recent', readRecent, beat);
  const blocks = useLoaded(
    'blocks',
    (signal) =>
      ask<EvaluationPage>('/v1/evaluations', {
        query: [
          ['decision', 'block'],
          ['limit', '20'],
        ],
        signal,
      }),
    beat,
  );
  const system = useLoaded('system', (signal) => ask<SystemAnswer>('/v1/system', { signal }), beat);
  isBusy.current = [recent, blocks, system].some(({ state }) => state === 'loading');
  return (
    <>
      <h1>Overview</h1>
      <Loading what="The state of the server" loaded={system}>
        {({ ready, reason, tenants }) => (
          <p>
            <strong>{ready ? 'Ready' : 'Not ready'}</strong>
            {reason !== undefined && `: ${reason}`}
            {tenants.some(({ waiting }) => waiting > 0) && ', and some wait for their turn'}
          </p>
        )}
      </Loading>
      <Loading what="The last minutes" loaded={recent}>
        {(value) => <Numbers recent={value} />}
      </Loading>
      <h2>Last blocks</h2>
      <Loading what="The last blocks" loaded={blocks}>
        {({ evaluations, next, scanned }) =>
          evaluations.length === 0 ? (
            <p class="quiet">
              {next === undefined
                ? 'Nothing was blocked yet.'
                : `Nothing was blocked in the last ${shownCount(scanned, 'evaluation')}.`}
            </p>
          ) : (
            <EvaluationTable rows={evaluations} />
          )
        }
      </Loading>
    </>
  );
}

function Numbers({ recent }: { recent: Recent & { readonly isCut: boolean } }) {
  const { minutes, counts, p50Ms, p95Ms, hooks, isCut } = recent;
  return (
    <div class="panels">
      <section class="panel">
        <h2>Decisions of the last {minuteCount} minutes</h2>
        <Minutes minutes={minutes} />
        <dl class="numbers">
          {outcomes.map((outcome) => (
            <div>
              <dt class={`mark-${outcome}`}>{shownOutcomes[outcome].title}</dt>
              <dd>{counts[outcome].toLocaleString()}</dd>
            </div>
          ))}
        </dl>
        {isCut && <p class="quiet">Only the newest 2,000 evaluations are counted.</p>}
      </section>
      <section class="panel">
        <h2>Duration of an evaluation</h2>
        <dl class="numbers">
          <div>
            <dt>half are faster than</dt>
            <dd>{p50Ms === undefined ? '–' : shownMs(p50Ms)}</dd>
          </div>
          <div>
            <dt>95 % are faster than</dt>
            <dd>{p95Ms === undefined ? '–' : shownMs(p95Ms)}</dd>
          </div>
        </dl>
        <h2>Hooks that block or fail</h2>
        {hooks.length === 0 && <p class="quiet">None in these minutes.</p>}
        <ul>
          {hooks.map(({ hook, blocked, failed }) => (
            <li>
              <a href={hrefOf(['evaluations'], [['hook', hook]])}>{visible(hook)}</a>{' '}
              <span class="quiet">
                blocked {blocked}, failed {failed}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Reads pages until the minutes are complete. */
async function readRecent(signal: AbortSignal): Promise<Recent & { readonly isCut: boolean }> {
  const now = Date.now();
  const since = new Date(now - minuteCount * 60_000).toISOString();
  const rows: EvaluationSummary[] = [];
  let before: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = [
      ['since', since],
      ['limit', '200'],
      ['before', before ?? ''],
    ] as const;
    const answer = await ask<EvaluationPage>('/v1/evaluations', { query, signal });
    rows.push(...answer.evaluations);
    before = answer.next;
    if (before === undefined) break;
  }
  return { ...recentOf(rows, minuteCount, now), isCut: before !== undefined };
}
