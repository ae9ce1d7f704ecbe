/**
 * One worker's place for jobs that must not meet: retries of what was on a lost worker, and trials of scripts in
 * quarantine. One of them runs at a time, beside ordinary jobs.
 */
import { trialMs } from './trial.ts';

/** Who comes again before another tenant had the place waits longer, so that one tenant's jobs do not keep it. */
const againMs = 250;
const otherMs = 50;

export class ApartPlace {
  #held: { readonly tenant: string; readonly since: number } | undefined;
  #lastTenant = '';

  /** @returns the way to leave it; undefined while another job has it, or for 5 s at most: it is harmless by then. */
  take(tenant: string): (() => void) | undefined {
    const now = performance.now();
    if (this.#held !== undefined && now - this.#held.since < trialMs) return undefined;
    const mine = { tenant, since: now };
    this.#held = mine;
    this.#lastTenant = tenant;
    return () => {
      if (this.#held === mine) this.#held = undefined;
    };
  }

  /** Milliseconds after which a job that found it taken should come again. */
  againMs(tenant: string): number {
    return tenant === this.#lastTenant ? againMs : otherMs;
  }
}
