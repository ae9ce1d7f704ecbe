/** Notices that BullMQ sleeps beside waiting jobs (issue 4585): free slots, jobs in line, and none taken for so long. */
import { beatMs } from './heartbeat.ts';

const asleepMs = 4_000;

export class SleepWatch {
  #tookAt = performance.now();
  #heardAt = performance.now();

  /** A job was taken, or taking them begins anew. */
  took(): void {
    this.#tookAt = performance.now();
  }

  /**
   * @param isIdle whether there were jobs in line beside free slots.
   * @param ageMs how old that is: what a busy main thread hears late says nothing about BullMQ, which was held up as well.
   * @returns whether BullMQ has to be started anew.
   */
  hear(isIdle: boolean, ageMs: number): boolean {
    const now = performance.now();
    const wasHeldUp = ageMs > beatMs || now - this.#heardAt > 3 * beatMs;
    this.#heardAt = now;
    if (wasHeldUp || !isIdle) this.#tookAt = now;
    return now - this.#tookAt > asleepMs;
  }
}
