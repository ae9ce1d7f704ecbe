/** The jobs that callers in this process wait for. */
import type { Outcome } from './outcome.ts';

export interface PendingJob {
  readonly id: string;
  readonly tenant: string;
  /** Whether the worker of its first attempt was lost. */
  readonly apart: boolean;
  readonly outcome: Promise<Outcome>;
  /** When it was added, on the monotonic clock. */
  readonly since: number;
  /** Number of checks in a row in which its worker, or Redis, seemed to have lost it. */
  suspicions: number;
  /** When Redis was last asked about it, on the monotonic clock. */
  askedAt: number;
  /** Callers that wait for it: the same evaluation may be asked for twice at once. */
  waiters: number;
  settle(outcome: Outcome): void;
}

export class PendingJobs {
  readonly #jobs = new Map<string, PendingJob>();
  readonly #perTenant = new Map<string, number>();

  get size(): number {
    return this.#jobs.size;
  }

  get(id: string): PendingJob | undefined {
    return this.#jobs.get(id);
  }

  all(): PendingJob[] {
    return [...this.#jobs.values()];
  }

  ofTenant(tenant: string): number {
    return this.#perTenant.get(tenant) ?? 0;
  }

  /** Returns the number of pending jobs of each tenant that has any. */
  counts(): Iterable<number> {
    return this.#perTenant.values();
  }

  add(job: Pick<PendingJob, 'id' | 'tenant' | 'apart'>): PendingJob {
    let settle: (outcome: Outcome) => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    const since = performance.now();
    const pending: PendingJob = {
      ...job,
      outcome,
      since,
      suspicions: 0,
      askedAt: since,
      waiters: 0,
      settle: (value) => {
        this.#forget(pending);
        settle(value);
      },
    };
    this.#jobs.set(job.id, pending);
    this.#perTenant.set(job.tenant, this.ofTenant(job.tenant) + 1);
    return pending;
  }

  #forget({ id, tenant }: PendingJob): void {
    if (!this.#jobs.delete(id)) return;
    const left = this.ofTenant(tenant) - 1;
    if (left > 0) this.#perTenant.set(tenant, left);
    else this.#perTenant.delete(tenant);
  }
}
