/**
 * Leaves a judge alone that does not answer, so that not every event costs a round trip. Failures
 * count for their own tenant: a gateway may fail or refuse because of what one tenant asks, and that
 * must not take the judge from the others.
 */

/** After how many failures a judge rests, and for how many milliseconds: twice as many each time. */
export const restRule = { failuresInRow: 5, firstMs: 1_000, mostMs: 30_000 } as const;

export type RestRule = Readonly<Record<keyof typeof restRule, number>>;

const { failuresInRow, firstMs, mostMs } = restRule;
/** Tenants whose last question failed; of more, the oldest count as answered. */
const mostTenants = 1_000;

interface Row {
  failures: number;
  restMs: number;
  restsUntil: number;
}

export class Circuit {
  readonly #now: () => number;
  readonly #rows = new Map<string, Row>();
  #refusedUntil = 0;

  /** @param now milliseconds on a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds for which the judge is not asked for this tenant; 0: it is. */
  restMs(tenant: string): number {
    const until = Math.max(this.#refusedUntil, this.#rows.get(tenant)?.restsUntil ?? 0);
    return Math.max(0, until - this.#now());
  }

  answered(tenant: string): void {
    this.#rows.delete(tenant);
  }

  /**
   * Counts a failure of the service. @returns the milliseconds of a rest for this tenant that begins
   * with it, twice as many as of the one before; undefined: none begins.
   */
  failed(tenant: string): number | undefined {
    const row = this.#row(tenant);
    row.failures++;
    // A question that was on its way when the rest began says no more than the one before it.
    if (row.failures < failuresInRow || row.restsUntil > this.#now()) return undefined;
    row.restMs = Math.min(mostMs, row.restMs === 0 ? firstMs : 2 * row.restMs);
    row.restsUntil = this.#now() + row.restMs;
    return row.restMs;
  }

  /** A rest of that many milliseconds has begun for this tenant in another process. */
  rest(tenant: string, restMs: number): void {
    const row = this.#row(tenant);
    row.restsUntil = Math.max(row.restsUntil, this.#now() + restMs);
  }

  /** The key was refused, which only the operator can mend. @returns the rest for all tenants. */
  refused(): number {
    this.#refusedUntil = this.#now() + mostMs;
    return mostMs;
  }

  #row(tenant: string): Row {
    const row = this.#rows.get(tenant) ?? { failures: 0, restMs: 0, restsUntil: 0 };
    this.#rows.delete(tenant);
    this.#rows.set(tenant, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > mostTenants) this.#rows.delete(String(oldest));
    return row;
  }
}
