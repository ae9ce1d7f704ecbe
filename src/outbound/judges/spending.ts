/** What tenants may spend on judges. */
import type { SpendingLimits } from './settings.ts';

/** Counts tokens and calls: in this process, or for several processes together. */
export interface Spending {
  /**
   * Takes tokens for one call before it is made.
   * @param share of each limit that may be spent, this call included. Default: 1.
   * @returns why it must not be made; undefined: it may.
   */
  reserve(tenant: string, tokens: number, share?: number): Promise<string | undefined>;
  /** Replaces the tokens of a call by those that it has cost. */
  settle(tenant: string, reserved: number, used: number): void;
}

interface Spent {
  day: number;
  tokens: number;
  minute: number;
  calls: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Tenants that are kept; of more, those that have spent nothing today go first. */
const mostTenants = 10_000;

/** For one process. Days and minutes are those of UTC. */
export class MemorySpending implements Spending {
  readonly #limits: SpendingLimits;
  readonly #now: () => number;
  readonly #tenants = new Map<string, Spent>();

  /** @param now milliseconds since 1970. */
  constructor(limits: SpendingLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  async reserve(tenant: string, tokens: number, share = 1): Promise<string | undefined> {
    const { tokensPerDay: ofDay = Infinity, callsPerMinute: ofMinute = Infinity } = this.#limits;
    const [tokensPerDay, callsPerMinute] = [ofDay * share, ofMinute * share];
    const spent = this.#spentBy(tenant);
    if (spent.calls + 1 > callsPerMinute)
      return `The tenant ${tenant} has asked judges ${spent.calls} times in this minute, which is the most.`;
    if (spent.tokens + tokens > tokensPerDay)
      return `The tenant ${tenant} has spent ${spent.tokens} of ${tokensPerDay} tokens of this day, and this question may take ${tokens}.`;
    spent.calls++;
    spent.tokens += tokens;
    return undefined;
  }

  settle(tenant: string, reserved: number, used: number): void {
    const spent = this.#spentBy(tenant);
    spent.tokens = Math.max(0, spent.tokens - reserved + used);
  }

  #spentBy(tenant: string): Spent {
    const now = this.#now();
    const day = Math.floor(now / dayMs);
    const minute = Math.floor(now / minuteMs);
    const spent = this.#tenants.get(tenant) ?? { day, tokens: 0, minute, calls: 0 };
    if (spent.day !== day) Object.assign(spent, { day, tokens: 0 });
    if (spent.minute !== minute) Object.assign(spent, { minute, calls: 0 });
    this.#tenants.set(tenant, spent);
    if (this.#tenants.size > mostTenants) this.#forget(day);
    return spent;
  }

  #forget(today: number): void {
    for (const [tenant, { day }] of this.#tenants) {
      if (day !== today) this.#tenants.delete(tenant);
    }
  }
}
