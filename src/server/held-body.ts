/** The memory of a body whose async hooks run on when the answer is out: it is held until the last of them has ended. */

export class HeldBody {
  #release: (() => void) | undefined;
  #isDeciding = true;
  /** Async hooks that have started and not ended. What the answer says of them is not asked: an early one does not know. */
  #running = 0;

  /** @param hold holds the body. @returns the end of that. */
  constructor(hold: (() => (() => void) | undefined) | undefined) {
    this.#release = hold?.();
  }

  /** Passes on what becomes of the deciding. Behind its end no hook starts. */
  async whileDeciding<T>(deciding: Promise<T>): Promise<T> {
    try {
      return await deciding;
    } finally {
      this.#isDeciding = false;
      this.#releaseAtEnd();
    }
  }

  /** An async hook begins, and ended() will be called for it. */
  started(): void {
    this.#running++;
  }

  /** One of the async hooks has ended. */
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
