/** The evaluations of a list: pages of the server, and those that arrive while it is open. */
import type { EvaluationPage, EvaluationSummary } from '../server/api-types.ts';

export interface EvaluationList {
  readonly rows: readonly EvaluationSummary[];
  /** `before` of the next older page; undefined: there is none. */
  readonly next: string | undefined;
  readonly unreadable: number;
}

/** The most rows that a page draws, always the newest; a browser lays out 500 in under 100 ms. */
export const mostRows = 500;

export const noRows: EvaluationList = { rows: [], next: undefined, unreadable: 0 };

/** The list with an older page behind it; a full list takes no more of it. */
export function withOlder(list: EvaluationList, page: EvaluationPage): EvaluationList {
  return {
    rows: merged([...list.rows, ...page.evaluations]).slice(0, mostRows),
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

/**
 * The list with the newest page of the server, for what was missed while nobody followed. A page that
 * does not reach down to the list takes its place: there may be evaluations between the two.
 */
export function withNewest(list: EvaluationList, page: EvaluationPage): EvaluationList {
  const known = new Set(list.rows.map(({ id }) => id));
  if (page.evaluations.length === 0) return list;
  const meets = page.next === undefined || page.evaluations.some(({ id }) => known.has(id));
  if (!meets) return withOlder(noRows, page);
  return { ...list, rows: merged([...page.evaluations, ...list.rows]).slice(0, mostRows) };
}

/** Each id once, at its first place. An evaluation can arrive live and with a page. */
function merged(rows: readonly EvaluationSummary[]): EvaluationSummary[] {
  return [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].toReversed();
}
