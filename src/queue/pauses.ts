/**
 * Combines several reasons for a worker to take no jobs: it pauses with the first reason and
 * resumes when none is left.
 */
import type { Resting } from './engine-pause.ts';

export type PauseReason = 'start' | 'rest' | 'trial';

export class Pauses {
  readonly #worker: Resting;
  readonly #reasons: Set<PauseReason>;

  /** @param reasons for which the worker is paused already. */
  constructor(worker: Resting, reasons: readonly PauseReason[]) {
    this.#worker = worker;
    this.#reasons = new Set(reasons);
  }

  get paused(): boolean {
    return this.#reasons.size > 0;
  }

  has(reason: PauseReason): boolean {
    return this.#reasons.has(reason);
  }

  add(reason: PauseReason): void {
    if (this.#reasons.size === 0) this.#worker.pause();
    this.#reasons.add(reason);
  }

  remove(reason: PauseReason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#worker.resume();
  }
}
