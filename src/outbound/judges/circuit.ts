/** Leaves a judge alone that does not answer, so that not every event costs a round trip. */

const failuresInRow = 5;
const firstRestMs = 1_000;
const mostRestMs = 30_000;

export class Circuit {
  readonly #now: () => number;
  #failures = 0;
  #restMs = 0;
  #closedAt = 0;

  /** @param now milliseconds on a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds for which the judge is not asked; 0: it is. */
  restMs(): number {
    return Math.max(0, this.#closedAt - this.#now());
  }

  answered(): void {
    this.#failures = 0;
    this.#restMs = 0;
  }

  /**
   * Counts a failure of the service. @returns the milliseconds of a rest that begins with it, twice
   * as many as of the one before; undefined: none begins.
   */
  failed(): number | undefined {
    if (++this.#failures < failuresInRow) return undefined;
    return this.#rest(this.#restMs === 0 ? firstRestMs : 2 * this.#restMs);
  }

  /** A refusal that only the operator can mend, such as of the key. @returns as failed(). */
  refused(): number {
    return this.#rest(mostRestMs);
  }

  #rest(ms: number): number {
    this.#restMs = Math.min(mostRestMs, ms);
    this.#closedAt = this.#now() + this.#restMs;
    return this.#restMs;
  }
}
