/** The share of a limited resource that one tenant may hold. */
import { anyTenant } from './names.ts';

/** No places are kept free for a tenant that has sent nothing for this time. */
const absentMs = 60_000;

interface Seen {
  readonly tenant: string;
  at: number;
}

/**
 * A share is half of the total where there are other tenants: the tokens name several, or another
 * one was seen in the last minute (tokens of `*`, and a server without tokens, do not tell which
 * tenants there are). A tenant that is alone on the server may hold all.
 */
export class TenantShares {
  readonly #several: boolean;
  #last: Seen = { tenant: '', at: -Infinity };
  /** The tenant that was seen before the last one. */
  #other: Seen = { tenant: '', at: -Infinity };

  /** @param tenants the tenants of the tokens. */
  constructor(tenants: Iterable<string>) {
    this.#several = new Set(tenants).size > 1;
  }

  /** Call when a request of the tenant has arrived. */
  seen(tenant: string, now = performance.now()): void {
    if (this.#several || tenant === anyTenant) return;
    if (tenant !== this.#last.tenant) {
      this.#other = this.#last;
      this.#last = { tenant, at: now };
    }
    this.#last.at = now;
  }

  /** The most that `tenant` may hold of `total`. */
  of(tenant: string, total: number, now = performance.now()): number {
    if (!this.#several && !this.#othersThan(tenant, now)) return total;
    return Math.max(1, Math.floor(total / 2));
  }

  #othersThan(tenant: string, now: number): boolean {
    if (tenant === anyTenant) return false;
    const { at } = tenant === this.#last.tenant ? this.#other : this.#last;
    return now - at < absentMs;
  }
}

/** Why no place was given: the tenant holds its share, or all places are taken. */
export interface Refusal {
  readonly whose: 'tenant' | 'everybody';
  readonly most: number;
}

/** A number of places, and how many of them each tenant holds. */
export class Places {
  readonly #most: number;
  readonly #shares: TenantShares;
  readonly #held = new Map<string, number>();
  #given = 0;

  constructor(most: number, shares: TenantShares) {
    this.#most = most;
    this.#shares = shares;
  }

  /** @returns why `count` more places are not available now; undefined when they are. */
  refusal(tenant: string, count = 1): Refusal | undefined {
    const share = this.#shares.of(tenant, this.#most);
    if (this.held(tenant) + count > share && share < this.#most)
      return { whose: 'tenant', most: share };
    return this.#given + count > this.#most ? { whose: 'everybody', most: this.#most } : undefined;
  }

  /** Takes `count` places or none. @returns why none was taken. */
  take(tenant: string, count = 1): Refusal | undefined {
    const refusal = this.refusal(tenant, count);
    if (refusal === undefined) this.#change(tenant, count);
    return refusal;
  }

  giveBack(tenant: string, count = 1): void {
    this.#change(tenant, -count);
  }

  held(tenant: string): number {
    return this.#held.get(tenant) ?? 0;
  }

  /** The tenants that hold any. */
  get holders(): readonly string[] {
    return [...this.#held.keys()];
  }

  #change(tenant: string, by: number): void {
    this.#given += by;
    const held = this.held(tenant) + by;
    if (held === 0) this.#held.delete(tenant);
    else this.#held.set(tenant, held);
  }
}
