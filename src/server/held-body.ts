/** The memory of a body whose async hooks run on when the answer is out: it is held until the last of them has ended. */
import type { Decision } from '../protocol/decision.ts';

export class HeldBody {
  readonly #release: (() => void) | undefined;
  /** Async hooks of the event; unknown until its answer is known. */
  #started: number | undefined;
  #ended = 0;

  /** @param hold holds the body. @returns the end of that. */
  constructor(hold: (() => (() => void) | undefined) | undefined) {
    this.#release = hold?.();
  }

  /** Passes the decision on. */
  async whileDeciding(deciding: Promise<Decision>): Promise<Decision> {
    let started = 0;
    try {
      const decision = await deciding;
      started = decision.background?.length ?? 0;
      return decision;
    } finally {
      this.#started = started;
      this.#releaseAtEnd();
    }
  }

  /** One of the async hooks has ended. */
  ended(): void {
    this.#ended++;
    this.#releaseAtEnd();
  }

  #releaseAtEnd(): void {
    if (this.#ended === this.#started) this.#release?.();
  }
}
