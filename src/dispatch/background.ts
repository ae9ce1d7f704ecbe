/** Hooks that run on after their event was answered. Whoever opens it closes it. */
import { UnavailableError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';

const defaultMaxRunning = 1_000;
const cancelled = 'The hook was cancelled: the process is closing.';

export class BackgroundHooks {
  readonly #running = new Set<Promise<void>>();
  readonly #cancel = new AbortController();
  readonly #maxRunning: number;
  #closing = false;

  constructor(maxRunning = defaultMaxRunning) {
    this.#maxRunning = maxRunning;
  }

  /**
   * @param work what runs; ends soon after the signal.
   * @returns why it was not started.
   */
  start(work: (signal: AbortSignal) => Promise<void>): Failure | undefined {
    if (this.#closing) return { code: 'SHUTTING_DOWN', message: 'Async hooks are no longer started: the process is closing.' };
    if (this.#running.size >= this.#maxRunning) {
      return { code: 'OVERLOADED', message: `${this.#maxRunning} async hooks are running; no more are started.` };
    }
    const running = work(this.#cancel.signal)
      .catch(() => undefined)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return undefined;
  }

  /** Takes no more, waits for those that run, and cancels what is left after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => this.#cancel.abort(new UnavailableError('SHUTTING_DOWN', cancelled)), graceMs);
    await Promise.all(this.#running);
    clearTimeout(timer);
  }
}
