/**
 * A worker's single place for jobs that must run apart from each other: retries of jobs whose
 * worker was lost, and trials of scripts in quarantine. One of them runs at a time, beside ordinary
 * jobs. The others go back into the queue for a while; the place remembers until when each is
 * expected. Tenants take turns: the place goes to the tenant that has not held it for the longest
 * time.
 */
import { trialMs } from './trial.ts';

/**
 * Delay before a job tries again, times one more than its tenant's waiting jobs: a tenant tries
 * about 20 times a second.
 */
const againMs = 50;
const longestAgainMs = 1_000;
/** How late a job may come back, on a busy worker, before the place stops expecting it. */
const lateMs = 250;
/** Jobs that may wait at once; at most half of them of one tenant. */
const mostWaiting = 16;
/**
 * Tenants remembered as former holders of the place; a forgotten tenant counts as one that never
 * held it.
 */
const tenantsKept = 1_000;

interface Waiting {
  /** When the place stops expecting the job, by performance.now(). */
  readonly until: number;
  /** Whether the job waits for the place itself, and not for its trial or for the worker. */
  readonly forPlace: boolean;
}

export class ApartPlace {
  #held: { readonly since: number } | undefined;
  /** Tenants in the order in which they last held the place. */
  readonly #served = new Set<string>();
  /** Waiting jobs, by tenant and job id. */
  readonly #waiting = new Map<string, Map<string, Waiting>>();

  /**
   * @returns a function that releases the place; undefined while another job holds it, for 5 s at
   * most (a job that ran that long counts as harmless), or while it is another tenant's turn.
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

  /** Milliseconds after which a job that found the place taken should try again. */
  againMs(tenant: string): number {
    return Math.min(longestAgainMs, againMs * (1 + this.#count(tenant)));
  }

  /**
   * Records that the job comes back after `waitMs`.
   * @param forPlace whether the place is kept for the job until then, in its tenant's turn.
   */
  wait(tenant: string, job: string, waitMs: number, forPlace: boolean): void {
    const jobs = this.#waiting.get(tenant) ?? new Map<string, Waiting>();
    this.#waiting.set(
      tenant,
      jobs.set(job, { until: performance.now() + waitMs + lateMs, forPlace }),
    );
  }

  /**
   * Whether too many jobs wait for the tenant to add one more. A tenant without a waiting job is
   * never refused.
   */
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
