/** Evaluations of one process, in memory. */
import {
  type EvaluationPage,
  type EvaluationSearch,
  type PageOptions,
  searchScans,
  searchTest,
  summaryOf,
} from './evaluation-summary.ts';
import { FairMap } from './fair-map.ts';
import { HttpError } from './http-error.ts';
import { type EvaluationStore, type StoredEvaluation, storeLimits } from './stores.ts';

interface Entry {
  readonly evaluation: StoredEvaluation;
  /** Counts up: a newer entry has a higher one. */
  readonly place: number;
}

export class MemoryEvaluations implements EvaluationStore {
  readonly #entries: FairMap<Entry>;
  #places = 0;

  constructor(limits = storeLimits) {
    this.#entries = new FairMap(limits.evaluations, limits.evaluationBytes);
  }

  async get(tenant: string, id: string): Promise<StoredEvaluation | undefined> {
    return this.#entries.get(tenant, id)?.evaluation;
  }

  async put(evaluation: StoredEvaluation): Promise<void> {
    const { tenant, id } = evaluation.record;
    const bytes = JSON.stringify(evaluation).length;
    this.#places++;
    if (this.#entries.set(tenant, id, { evaluation, place: this.#places }, bytes)) return;
    throw new Error(
      `It has ${bytes} bytes; there is not so much room beside the records of other tenants.`,
    );
  }

  async list(
    tenant: string,
    search: EvaluationSearch,
    { before, limit }: PageOptions,
  ): Promise<EvaluationPage> {
    const below = before === undefined ? Infinity : placeIn(before);
    const older = this.#entries.values(tenant).filter(({ place }) => place < below);
    const isFound = searchTest(search);
    const evaluations = [];
    let scanned = 0;
    let last: number | undefined;
    for (const { evaluation, place } of older.toReversed()) {
      if (evaluations.length === limit || scanned === searchScans) {
        return { evaluations, next: String(last), scanned, unreadable: 0 };
      }
      scanned++;
      last = place;
      const summary = summaryOf(evaluation.record, evaluation.kept !== undefined);
      if (isFound(summary)) evaluations.push(summary);
    }
    return { evaluations, next: undefined, scanned, unreadable: 0 };
  }
}

function placeIn(before: string): number {
  if (/^\d{1,15}$/.test(before)) return Number(before);
  throw new HttpError(400, 'INVALID_REQUEST', 'before must be the next of an earlier answer.');
}
