/**
 * Holds the memory of a body whose async hooks may run on after the answer, until the last of them
 * has ended.
 */

export class HeldBody {
  #release: (() => void) | undefined;
  #isDeciding = true;
  /**
   * Number of async hooks that have started and not ended. The list in the answer is not used: an
   * early answer lacks some.
   */
  #running = 0;

  /** @param hold holds the memory of the body. @returns the function that releases it. */
  constructor(hold: (() => (() => void) | undefined) | undefined) {
    this.#release = hold?.();
  }

  /** Settles as `deciding` does. No hook starts after that. */
  async whileDeciding<T>(deciding: Promise<T>): Promise<T> {
    try {
      return await deciding;
    } finally {
      this.#isDeciding = false;
      this.#releaseAtEnd();
    }
  }

  /** Call when an async hook starts; a call of ended() must follow. */
  started(): void {
    this.#running++;
  }

  /** Call when an async hook has ended. */
  ended(): void {
    this.#running--;
    this.#releaseAtEnd();
  }

  #releaseAtEnd(): void {
    if (this.#isDeciding || this.#running > 0) return;
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }
}
