/** Counts when a judge is asked a question that it must reject, and whether it is still trusted. */

/** How it was answered. `none`: no verdict, which tells nothing of the judge's worth. */
export type CanaryOutcome = 'right' | 'wrong' | 'none';

export class Canary {
  readonly #every: number;
  #left: number;
  #isTrusted = true;
  #running: Promise<CanaryOutcome> | undefined;

  /** @param every hooks for each one of these questions. */
  constructor(every: number) {
    this.#every = every;
    this.#left = every;
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Counts one hook. @returns whether the question is due beside it. */
  count(): boolean {
    if (--this.#left > 0) return false;
    this.#left = this.#every;
    return true;
  }

  /**
   * Asks; all who wait share one question.
   * @param ask never rejects.
   */
  run(ask: () => Promise<CanaryOutcome>): Promise<CanaryOutcome> {
    this.#running ??= ask().then((outcome) => {
      this.#running = undefined;
      if (outcome !== 'none') this.#isTrusted = outcome === 'right';
      return outcome;
    });
    return this.#running;
  }
}
