/** What happens now: decisions of the last 24 hours, durations, the hooks that block, readiness. */
import { useRef } from 'preact/hooks';
import type { CountsAnswer, EvaluationPage, SystemAnswer } from '../../server/api-types.ts';
import { outcomes } from '../../server/outcome.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import { type Day, dayOf } from '../day.ts';
import { useEvery } from '../every.ts';
import { useLoaded } from '../load.ts';
import { shownOutcomes } from '../outcome.ts';
import { DayBars } from '../parts/day.tsx';
import { EvaluationTable } from '../parts/evaluation-table.tsx';
import { Loading } from '../parts/loading.tsx';
import { type Recent, recentOf } from '../recent.ts';
import { shownCount, shownMs } from '../shown.ts';

const everyMs = 5_000;

export function Overview() {
  const isBusy = useRef(false);
  const beat = useEvery(everyMs, isBusy);
  const day = useLoaded('day', readDay, beat);
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
  isBusy.current = [day, recent, blocks, system].some(({ state }) => state === 'loading');
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
      <div class="panels">
        <section class="panel">
          <h2>Decisions of the last 24 hours</h2>
          <Loading what="The counts" loaded={day}>
            {(value) => <Decisions day={value} />}
          </Loading>
        </section>
        <section class="panel">
          <Loading what="The newest evaluations" loaded={recent}>
            {(value) => <Newest recent={value} />}
          </Loading>
        </section>
      </div>
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

function Decisions({ day: { bars, counts } }: { day: Day }) {
  return (
    <>
      <DayBars bars={bars} />
      <dl class="numbers">
        {outcomes.map((outcome) => (
          <div>
            <dt class={`mark-${outcome}`}>{shownOutcomes[outcome].title}</dt>
            <dd>{counts[outcome].toLocaleString()}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Newest({ recent: { count, p50Ms, p95Ms, hooks } }: { recent: Recent }) {
  return (
    <>
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
      {hooks.length === 0 && <p class="quiet">None in these evaluations.</p>}
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
      <p class="quiet">Of the newest {shownCount(count, 'evaluation')}.</p>
    </>
  );
}

async function readDay(signal: AbortSignal): Promise<Day> {
  return dayOf(await ask<CountsAnswer>('/v1/counts', { signal }), Date.now());
}

async function readRecent(signal: AbortSignal): Promise<Recent> {
  const query = [['limit', '200']] as const;
  return recentOf((await ask<EvaluationPage>('/v1/evaluations', { query, signal })).evaluations);
}
