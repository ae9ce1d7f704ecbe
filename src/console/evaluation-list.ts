/** The evaluations of a list: pages of the server, and those that arrive while it is open. */
import type { EvaluationPage, EvaluationSummary } from '../server/api-types.ts';

export interface EvaluationList {
  readonly rows: readonly EvaluationSummary[];
  /** `before` of the next older page; undefined: there is none. */
  readonly next: string | undefined;
  readonly unreadable: number;
}

/** The most rows that a page draws; a browser lays out 500 in under 100 ms. */
export const mostRows = 500;

export const noRows: EvaluationList = { rows: [], next: undefined, unreadable: 0 };

/** The list with an older page behind it. */
export function withOlder(list: EvaluationList, page: EvaluationPage): EvaluationList {
  return {
    rows: merged([...list.rows, ...page.evaluations]).slice(-mostRows),
    next: page.next,
    unreadable: list.unreadable + page.unreadable,
  };
}

/** The list with newer evaluations before it; the oldest rows make place. */
export function withNewer(
  list: EvaluationList,
  arrived: readonly EvaluationSummary[],
): EvaluationList {
  if (arrived.length === 0) return list;
  const newestFirst = arrived.toReversed();
  return { ...list, rows: merged([...newestFirst, ...list.rows]).slice(0, mostRows) };
}

/** Each id once, at its first place. An evaluation can arrive live and with a page. */
function merged(rows: readonly EvaluationSummary[]): EvaluationSummary[] {
  return [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].toReversed();
}
