/** Tells operators of spent limits without a line for each question. */

const againMs = 3_600_000;
/** Pairs of a tenant and a judge that are remembered; of more, the oldest may be told again. */
const mostPairs = 1_000;

/** Of one process: each tenant and judge is told once an hour. */
export class SpentNotices {
  readonly #tell: (judge: string, tenant: string, why: string) => void;
  readonly #now: () => number;
  readonly #toldAt = new Map<string, number>();

  /**
   * @param tell gets the sentence that the hook's result has too; no text of a question is in it.
   * @param now milliseconds on a clock that never goes back.
   */
  constructor(
    tell: (judge: string, tenant: string, why: string) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#now = now;
  }

  /** A question was refused. */
  readonly spent = (judge: string, tenant: string, why: string): void => {
    const pair = `${tenant}:${judge}`;
    const before = this.#toldAt.get(pair);
    if (before !== undefined && this.#now() - before < againMs) return;
    this.#toldAt.delete(pair);
    this.#toldAt.set(pair, this.#now());
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size > mostPairs) this.#toldAt.delete(String(oldest));
    this.#tell(judge, tenant, why);
  };
}
