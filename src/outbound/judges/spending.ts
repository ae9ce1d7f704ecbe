/** What tenants may spend on judges. */
import type { SpendingLimits } from './settings.ts';

/** Counts tokens and calls: in this process, or for several processes together. */
export interface Spending {
  /**
   * Takes tokens for one call before it is made.
   * @returns why it must not be made; undefined: it may.
   */
  reserve(tenant: string, tokens: number): Promise<string | undefined>;
  /** Replaces the tokens of a call by those that it has cost. */
  settle(tenant: string, reserved: number, used: number): void;
}

interface Spent {
  tokens: number;
  minute: number;
  calls: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/**
 * Tenants of one day that are counted, which take 13 MB. Of more, the one that has not asked for
 * longest is forgotten, and has its whole day's tokens again.
 */
const mostTenants = 100_000;

/** For one process. Days and minutes are those of UTC. */
export class MemorySpending implements Spending {
  readonly #limits: SpendingLimits;
  readonly #now: () => number;
  readonly #most: number;
  /** Of `#day` only; the tenant that asked last is the last. */
  readonly #tenants = new Map<string, Spent>();
  #day = 0;

  /**
   * @param now milliseconds since 1970.
   * @param most tenants that are counted.
   */
  constructor(limits: SpendingLimits, now: () => number = Date.now, most = mostTenants) {
    this.#limits = limits;
    this.#now = now;
    this.#most = most;
  }

  async reserve(tenant: string, tokens: number): Promise<string | undefined> {
    const { tokensPerDay = Infinity, callsPerMinute = Infinity } = this.#limits;
    const spent = this.#spentBy(tenant);
    if (spent.calls >= callsPerMinute)
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
    if (day !== this.#day) this.#tenants.clear();
    this.#day = day;
    const spent = this.#tenants.get(tenant) ?? { tokens: 0, minute, calls: 0 };
    if (spent.minute !== minute) Object.assign(spent, { minute, calls: 0 });
    this.#tenants.delete(tenant);
    this.#tenants.set(tenant, spent);
    if (this.#tenants.size > this.#most) {
      const [oldest] = this.#tenants.keys();
      this.#tenants.delete(String(oldest));
    }
    return spent;
  }
}
