/**
 * Backoff after failed creations of sandboxes: the delay of the next attempt, and when waiting jobs
 * fail instead of waiting for it.
 */

/**
 * After this many failures in a row, waiting jobs fail with the cause at once instead of waiting
 * for the next attempt.
 */
const failuresUntilOpen = 3;
const minMs = 200;
/** With the random half added, a recovered engine is noticed within four seconds. */
const maxMs = 2_500;
/** Without an attempt for this long after the delay, earlier failures say nothing any more. */
const oldMs = 60_000;

export class BackOff {
  #failures = 0;
  #retryAt = 0;
  #cause: Error | undefined;

  /**
   * Counts a failure; attempts that fail at the same time count once.
   * @returns milliseconds until the next attempt, varied by up to half so that workers do not retry
   * in step.
   */
  failed(cause: Error): number {
    this.#cause = cause;
    if (this.waiting) return this.#retryAt - performance.now();
    const delay = Math.min(maxMs, minMs * 2 ** this.#failures) * (0.5 + Math.random());
    this.#failures++;
    this.#retryAt = performance.now() + delay;
    return delay;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#cause = undefined;
  }

  get waiting(): boolean {
    return performance.now() < this.#retryAt;
  }

  /** Whether no failure is known, or none that still counts. */
  get isOld(): boolean {
    return this.#failures === 0 || performance.now() > this.#retryAt + oldMs;
  }

  /** The last cause when jobs should not wait for the next attempt; undefined when they may. */
  get openCause(): Error | undefined {
    return this.#failures >= failuresUntilOpen ? this.#cause : undefined;
  }
}
