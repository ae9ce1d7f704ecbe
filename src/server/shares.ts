/** How much of something that everybody needs one tenant may hold. */
import { anyTenant } from './names.ts';

/** A tenant that sent nothing for so long is no reason to keep places free. */
const absentMs = 60_000;

interface Seen {
  readonly tenant: string;
  at: number;
}

/**
 * Half, where there are other tenants: by the tokens, or because another one was seen in the last
 * minute (tokens of `*`, and a server without tokens, do not say which tenants there are). A tenant that
 * has the server to itself may hold all.
 */
export class TenantShares {
  readonly #several: boolean;
  #last: Seen = { tenant: '', at: -Infinity };
  /** Of another tenant than the last one. */
  #other: Seen = { tenant: '', at: -Infinity };

  /** @param tenants those of the tokens. */
  constructor(tenants: Iterable<string>) {
    this.#several = new Set(tenants).size > 1;
  }

  /** A request of the tenant has come. */
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

/** Why something was not given: the tenant has its share, or all is given away. */
export interface Refusal {
  readonly whose: 'tenant' | 'everybody';
  readonly most: number;
}

/** A number of things, and who holds how many of them. */
export class Places {
  readonly #most: number;
  readonly #shares: TenantShares;
  readonly #held = new Map<string, number>();
  #given = 0;

  constructor(most: number, shares: TenantShares) {
    this.#most = most;
    this.#shares = shares;
  }

  /** @returns why `count` more cannot be had now. */
  refusal(tenant: string, count = 1): Refusal | undefined {
    const share = this.#shares.of(tenant, this.#most);
    if (this.held(tenant) + count > share && share < this.#most) return { whose: 'tenant', most: share };
    return this.#given + count > this.#most ? { whose: 'everybody', most: this.#most } : undefined;
  }

  /** @returns why nothing was taken. */
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

  #change(tenant: string, by: number): void {
    this.#given += by;
    const held = this.held(tenant) + by;
    if (held === 0) this.#held.delete(tenant);
    else this.#held.set(tenant, held);
  }
}
