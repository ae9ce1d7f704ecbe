/** The list of evaluations: filters, older pages on request, newer ones as they happen. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import type { EvaluationPage, EvaluationSummary } from '../../server/api-types.ts';
import { searchTest } from '../../server/evaluation-summary.ts';
import { hrefOf, type Route } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import {
  type EvaluationList,
  mostRows,
  noRows,
  withNewer,
  withNewest,
  withOlder,
} from '../evaluation-list.ts';
import { type LiveState, useLive } from '../live.ts';
import { useLoaded } from '../load.ts';
import { EvaluationTable } from '../parts/evaluation-table.tsx';
import { Filters } from '../parts/filters.tsx';
import { Loading } from '../parts/loading.tsx';
import { searchOf, withValue } from '../search.ts';
import { shownCount } from '../shown.ts';

/** Rows are drawn four times a second at most, however many arrive. */
const drawMs = 250;

export function Evaluations({ route: { query } }: { route: Route }) {
  const key = query.toString();
  const first = useLoaded(key, (signal) =>
    ask<EvaluationPage>('/v1/evaluations', { query, signal }),
  );
  return (
    <>
      <h1>Evaluations</h1>
      <Filters query={query} />
      <Loading what="The list" loaded={first}>
        {(page) => <List key={key} query={query} first={page} />}
      </Loading>
    </>
  );
}

function List({ query, first }: { query: URLSearchParams; first: EvaluationPage }) {
  const [list, setList] = useState<EvaluationList>(() => withOlder(noRows, first));
  const [isPaused, setIsPaused] = useState(false);
  const [failure, setFailure] = useState('');
  const canFollow = !query.has('until');
  const state = useArrivals(query, canFollow && !isPaused, {
    draw: (arrived) => setList((before) => withNewer(before, arrived)),
    missed: async () => {
      const page = await ask<EvaluationPage>('/v1/evaluations', { query }).catch(() => undefined);
      if (page !== undefined) setList((before) => withNewest(before, page));
    },
  });
  const older = async () => {
    const { next } = list;
    if (next === undefined) return;
    setFailure('');
    try {
      const page = await ask<EvaluationPage>('/v1/evaluations', {
        query: [...query, ['before', next]],
      });
      setList((before) => withOlder(before, page));
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <>
      <p class="row">
        <span class="quiet">
          {shownCount(list.rows.length, 'evaluation')}
          {list.unreadable > 0 && `, ${shownCount(list.unreadable, 'entry', 'entries')} unreadable`}
        </span>
        {canFollow && (
          <>
            <button type="button" aria-pressed={isPaused} onClick={() => setIsPaused(!isPaused)}>
              {isPaused ? 'Go on' : 'Pause'}
            </button>
            <span class="quiet">{liveText(isPaused, state)}</span>
          </>
        )}
      </p>
      {list.rows.length === 0 ? (
        <Empty query={query} isWhole={list.next === undefined} />
      ) : (
        <EvaluationTable rows={list.rows} />
      )}
      <Older query={query} list={list} ask={older} />
      {failure !== '' && <p role="alert">{visible(failure)}</p>}
    </>
  );
}

interface OlderProps {
  readonly query: URLSearchParams;
  readonly list: EvaluationList;
  readonly ask: () => void;
}

/** A list that is full goes on at another address, so that no row is missing between its own. */
function Older({ query, list: { rows, next }, ask: askOlder }: OlderProps) {
  const last = rows.length >= mostRows ? rows.at(-1) : undefined;
  if (last !== undefined) {
    // `until` is not included, and others may have ended in the same millisecond.
    const until = new Date(Date.parse(last.at) + 1).toISOString();
    return (
      <p>
        One list has {mostRows} rows.{' '}
        <a href={hrefOf(['evaluations'], withValue(query, 'until', until))}>
          A list of older evaluations
        </a>
      </p>
    );
  }
  if (next === undefined) return null;
  return (
    <button type="button" onClick={askOlder}>
      Older evaluations
    </button>
  );
}

interface Arrivals {
  readonly draw: (arrived: readonly EvaluationSummary[]) => void;
  /** Some may have happened that did not arrive. */
  readonly missed: () => void;
}

/** Collects what arrives and hands it over in batches. */
function useArrivals(query: URLSearchParams, isOn: boolean, { draw, missed }: Arrivals): LiveState {
  const waiting = useRef<EvaluationSummary[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const fits = searchTest(searchOf(query));
  useEffect(() => () => clearTimeout(timer.current), []);
  const heard = (name: string, data: object) => {
    if (name !== 'evaluation' || !fits(data as EvaluationSummary)) return;
    waiting.current.push(data as EvaluationSummary);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      draw(waiting.current.splice(0));
    }, drawMs);
  };
  return useLive(isOn, { heard, missed });
}

function liveText(isPaused: boolean, state: LiveState): string {
  if (isPaused) return 'New evaluations are not shown.';
  if (state === 'refused') return 'This token may not follow new evaluations.';
  return state === 'live' ? 'Live' : 'Connecting …';
}

function Empty({ query, isWhole }: { query: URLSearchParams; isWhole: boolean }) {
  // One request looks at a part of the records only.
  if (!isWhole) return <p>None of the newest evaluations fits these filters; older ones may.</p>;
  if (query.toString() !== '') return <p>No evaluation fits these filters.</p>;
  return (
    <p>
      There are no evaluations yet. They appear here as soon as an agent asks, or when you run one
      in the playground.
    </p>
  );
}
