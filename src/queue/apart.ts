/**
 * One worker's place for jobs that must not meet: retries of what was on a lost worker, and trials of scripts in
 * quarantine. One of them runs at a time, beside ordinary jobs. The others go back into the line for a while, so the
 * place knows them by what they said last. Tenants take turns: it goes to the one that has not had it for longest.
 */
import { trialMs } from './trial.ts';

/** A job comes again after this time, times the jobs of its tenant that wait: a tenant asks about 20 times a second. */
const againMs = 50;
const longestAgainMs = 1_000;
/** A job may come so much later than it was to, on a busy worker; then it is not waited for any longer. */
const lateMs = 250;
/** Jobs that may wait at once; of one tenant half of them. */
const mostWaiting = 16;
/** Tenants that had the place: who is forgotten counts as one that never had it. */
const tenantsKept = 1_000;

interface Waiting {
  /** When it is not expected any more. */
  readonly until: number;
  /** It found the place taken; the others wait for something else. */
  readonly forPlace: boolean;
}

export class ApartPlace {
  #held: { readonly since: number } | undefined;
  /** Tenants in the order in which they had it last. */
  readonly #served = new Set<string>();
  /** By tenant and by job. */
  readonly #waiting = new Map<string, Map<string, Waiting>>();

  /**
   * @returns the way to leave it; undefined while another job has it, for 5 s at most (it is harmless by then), or
   * while it is the turn of another tenant.
   */
  take(tenant: string, job: string): (() => void) | undefined {
    const now = performance.now();
    this.#forget(now);
    this.#waiting.get(tenant)?.delete(job);
    if (this.#held !== undefined && now - this.#held.since < trialMs) return undefined;
    if (this.#isTurnOfOther(tenant)) return undefined;
    const mine = { since: now };
    this.#held = mine;
    this.#served.delete(tenant);
    this.#served.add(tenant);
    for (const first of this.#served) {
      if (this.#served.size <= tenantsKept) break;
      this.#served.delete(first);
    }
    return () => {
      if (this.#held === mine) this.#held = undefined;
    };
  }

  /** Milliseconds after which a job that found it taken should come again. */
  againMs(tenant: string): number {
    return Math.min(longestAgainMs, againMs * (1 + this.#count(tenant)));
  }

  /** The job comes again after `waitMs`. @param forPlace whether the place is kept for it until then, in its tenant's turn. */
  wait(tenant: string, job: string, waitMs: number, forPlace: boolean): void {
    const jobs = this.#waiting.get(tenant) ?? new Map<string, Waiting>();
    this.#waiting.set(tenant, jobs.set(job, { until: performance.now() + waitMs + lateMs, forPlace }));
  }

  /** Whether too many wait to take in one more of the tenant. A tenant of which none waits is never kept out. */
  isFull(tenant: string, job: string): boolean {
    this.#forget(performance.now());
    this.#waiting.get(tenant)?.delete(job);
    const mine = this.#count(tenant);
    let all = 0;
    for (const jobs of this.#waiting.values()) all += jobs.size;
    return mine >= mostWaiting / 2 || (mine > 0 && all >= mostWaiting);
  }

  #count(tenant: string): number {
    return this.#waiting.get(tenant)?.size ?? 0;
  }

  #isTurnOfOther(tenant: string): boolean {
    const order = [...this.#served];
    const mine = order.indexOf(tenant);
    for (const [other, jobs] of this.#waiting) {
      const isEarlier = other !== tenant && order.indexOf(other) < mine;
      if (isEarlier && [...jobs.values()].some(({ forPlace }) => forPlace)) return true;
    }
    return false;
  }

  #forget(now: number): void {
    for (const [tenant, jobs] of this.#waiting) {
      for (const [job, { until }] of jobs) if (until < now) jobs.delete(job);
      if (jobs.size === 0) this.#waiting.delete(tenant);
    }
  }
}
