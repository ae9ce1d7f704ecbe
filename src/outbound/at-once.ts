/** The most outbound hooks that one process runs at once. */
import type { Failure } from '../protocol/decision.ts';

/** Sockets, and requests and answers in memory. */
export const mostAtOnce = { all: 256, tenant: 64 } as const;

/** The most that run at once, of all tenants together and of one. */
export interface Most {
  readonly all: number;
  readonly tenant: number;
}

export class AtOnce {
  readonly #what: string;
  readonly #most: Most;
  readonly #running = new Map<string, number>();

  /**
   * @param what is counted, as the failure names it: `requests`.
   * @param most less where the process runs fewer hooks at once: a share of more than it runs would
   * leave nothing to others.
   */
  constructor(what: string, most: Most = mostAtOnce) {
    this.#what = what;
    this.#most = most;
  }

  /**
   * @param share of both limits that may run, this one included.
   * @returns why no more may begin; undefined: this one counts until end().
   */
  begin(tenant: string, share = 1): Failure | undefined {
    const own = this.#running.get(tenant) ?? 0;
    const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    if (own >= this.#most.tenant * share || all >= this.#most.all * share) {
      const message = `${own} ${this.#what} of this tenant and ${all} in total are running: no more are made.`;
      return { code: 'OVERLOADED', message };
    }
    this.#running.set(tenant, own + 1);
    return undefined;
  }

  end(tenant: string): void {
    const left = (this.#running.get(tenant) ?? 1) - 1;
    if (left === 0) this.#running.delete(tenant);
    else this.#running.set(tenant, left);
  }
}
