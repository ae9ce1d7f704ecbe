/**
 * Detects that BullMQ sleeps while jobs wait (issue 4585): slots are free, the queue has jobs, and
 * none was taken for 4 s.
 */
import { beatMs } from './heartbeat.ts';

const asleepMs = 4_000;

export class SleepWatch {
  #tookAt = performance.now();
  #heardAt = performance.now();

  /** Restarts the count: a job was taken, or the worker was resumed or restarted. */
  took(): void {
    this.#tookAt = performance.now();
  }

  /**
   * @param isIdle whether jobs waited while slots were free.
   * @param ageMs age of that observation: a main thread that receives it late was busy, and so was
   * BullMQ, so it does not count.
   * @returns whether BullMQ's worker has to be restarted.
   */
  hear(isIdle: boolean, ageMs: number): boolean {
    const now = performance.now();
    const wasHeldUp = ageMs > beatMs || now - this.#heardAt > 3 * beatMs;
    this.#heardAt = now;
    if (wasHeldUp || !isIdle) this.#tookAt = now;
    return now - this.#tookAt > asleepMs;
  }
}
