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
  day: number;
  tokens: number;
  minute: number;
  calls: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Tenants that are kept; of more, those that have spent nothing today go first. */
const mostTenants = 10_000;

/** What was spent when a call was refused: the limit that it would exceed, and the count so far. */
interface Refused {
  readonly by: 'calls' | 'tokens';
  readonly count: number;
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

  constructor(limits: SpendingLimits, counts: SpendingCounts) {
    this.#limits = limits;
    this.#counts = counts;
  }

  async reserve(tenant: string, tokens: number): Promise<string | undefined> {
    const refused = await this.#counts.take(tenant, tokens, this.#limits);
    return refused && refusal(refused, tenant, tokens, this.#limits);
  }

  /** Counts that cannot be reached lose the difference: a count of money is no guard. */
  settle(tenant: string, reserved: number, used: number): void {
    if (used !== reserved) this.#counts.add(tenant, used - reserved).catch(() => undefined);
  }
}

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

  async reserve(tenant: string, tokens: number): Promise<string | undefined> {
    const { tokensPerDay = Infinity, callsPerMinute = Infinity } = this.#limits;
    const spent = this.#spentBy(tenant);
    if (spent.calls >= callsPerMinute)
      return refusal({ by: 'calls', count: spent.calls }, tenant, tokens, this.#limits);
    if (spent.tokens + tokens > tokensPerDay)
      return refusal({ by: 'tokens', count: spent.tokens }, tenant, tokens, this.#limits);
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
