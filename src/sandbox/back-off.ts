/** How long to wait after a failed creation, and when to stop making others wait for the next try. */

/** After so many failures in a row nobody waits for the next try: the cause is told at once. */
const failuresUntilOpen = 3;
const minMs = 200;
/** With the random half on top, an engine that is back is noticed within four seconds. */
const maxMs = 2_500;

export class BackOff {
  #failures = 0;
  #retryAt = 0;
  #cause: Error | undefined;

  /**
   * Tries that fail side by side are one failure.
   * @returns milliseconds until the next try; random by half, so that workers do not try in step.
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

  /** The last cause once waiting for the next try is no use; undefined as long as it may be. */
  get openCause(): Error | undefined {
    return this.#failures >= failuresUntilOpen ? this.#cause : undefined;
  }
}
