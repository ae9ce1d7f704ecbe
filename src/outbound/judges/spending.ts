/** What tenants may spend on judges. */
import type { SpendingLimits } from './settings.ts';

/** Counts tokens and calls: in this process, or for several processes together. */
export interface Spending {
  /**
   * Takes tokens for one call before it is made. Rejects where the counts cannot be reached.
   * @param share of each limit that may be spent, this call included. Default: 1.
   */
  reserve(tenant: string, tokens: number, share?: number): Promise<Reservation>;
  /** Counts the tokens of a call for which nothing was reserved. */
  add(tenant: string, used: number): void;
}

/** The tokens that were taken for one call. */
export interface Reservation {
  /** Why the call must not be made: nothing was taken. Undefined: it may. */
  readonly refused?: string | undefined;
  /**
   * Replaces the reserved tokens by those that the call has cost. Those of an earlier day of UTC are
   * not given back.
   */
  settle(used: number): void;
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

/** What was spent when a call was refused: the limit that it would exceed, and the count so far. */
interface Refused {
  readonly by: 'calls' | 'tokens';
  readonly count: number;
}

function dayOf(now: number): number {
  return Math.floor(now / dayMs);
}

function refusal(
  { by, count }: Refused,
  tenant: string,
  tokens: number,
  { tokensPerDay }: SpendingLimits,
): string {
  return by === 'calls'
    ? `The tenant ${tenant} has asked judges ${count} times in this minute, which is the most.`
    : `The tenant ${tenant} has spent ${count} of ${tokensPerDay} tokens of this day, and this question may take ${tokens}.`;
}

function shareOf(limits: SpendingLimits, share: number): SpendingLimits {
  const { tokensPerDay, callsPerMinute } = limits;
  return {
    ...(tokensPerDay === undefined ? {} : { tokensPerDay: tokensPerDay * share }),
    ...(callsPerMinute === undefined ? {} : { callsPerMinute: callsPerMinute * share }),
  };
}

/** Counts that several processes share. Both reject where they cannot be reached. */
export interface SpendingCounts {
  /** Counts a call and its tokens, unless a limit speaks against it. */
  take(tenant: string, tokens: number, limits: SpendingLimits): Promise<Refused | undefined>;
  /** @param tokens less than 0 gives them back. */
  add(tenant: string, tokens: number): Promise<void>;
}

/** For all processes with the same counts. */
export class SharedSpending implements Spending {
  readonly #limits: SpendingLimits;
  readonly #counts: SpendingCounts;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(limits: SpendingLimits, counts: SpendingCounts, now: () => number = Date.now) {
    this.#limits = limits;
    this.#counts = counts;
    this.#now = now;
  }

  async reserve(tenant: string, tokens: number, share = 1): Promise<Reservation> {
    const limits = shareOf(this.#limits, share);
    const day = dayOf(this.#now());
    const refused = await this.#counts.take(tenant, tokens, limits);
    if (refused !== undefined)
      return {
        refused: refusal(refused, tenant, tokens, limits),
        settle: (used) => this.add(tenant, used),
      };
    return {
      settle: (used) => {
        if (dayOf(this.#now()) === day) this.add(tenant, used - tokens);
      },
    };
  }

  /** Counts that cannot be reached lose the tokens: a count of money is no guard. */
  add(tenant: string, used: number): void {
    if (used !== 0) this.#counts.add(tenant, used).catch(() => undefined);
  }
}

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

  async reserve(tenant: string, tokens: number, share = 1): Promise<Reservation> {
    const limits = shareOf(this.#limits, share);
    const { tokensPerDay = Infinity, callsPerMinute = Infinity } = limits;
    const spent = this.#spentBy(tenant);
    const refuse = (refused: Refused) => ({
      refused: refusal(refused, tenant, tokens, limits),
      settle: (used: number) => this.add(tenant, used),
    });
    if (spent.calls + 1 > callsPerMinute) return refuse({ by: 'calls', count: spent.calls });
    if (spent.tokens + tokens > tokensPerDay) return refuse({ by: 'tokens', count: spent.tokens });
    spent.calls++;
    spent.tokens += tokens;
    const day = this.#day;
    return {
      settle: (used) => {
        if (dayOf(this.#now()) === day) this.add(tenant, used - tokens);
      },
    };
  }

  add(tenant: string, used: number): void {
    const spent = this.#spentBy(tenant);
    spent.tokens = Math.max(0, spent.tokens + used);
  }

  #spentBy(tenant: string): Spent {
    const now = this.#now();
    const day = dayOf(now);
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
