/** How often shadow hooks agreed with the decisions that were made without them. */
import { hash } from 'node:crypto';
import type { Agreement } from '../dispatch/shadow.ts';
import { FairMap } from './fair-map.ts';
import type { ShadowCounts, ShadowHook, ShadowStore } from './shadow-store.ts';
import { storeLimits } from './stores.ts';

/** How long the counts of a hook are kept after its last run, in milliseconds. */
export const shadowLifeMs = 30 * 86_400_000;

export const noShadowCounts = { agreed: 0, stricter: 0, milder: 0, failed: 0 } as const;

/** Of fixed length; a hook whose action has changed is another one. */
export function shadowKey({ hookset, event, hook, actionSha256 }: ShadowHook): string {
  return hash('sha256', JSON.stringify([hookset, event, hook, actionSha256]), 'hex');
}

/** The counts of one hook set, by event and name; of one hook the newest first. */
export function shadowsOf(all: Iterable<ShadowCounts>, hookset: string): ShadowCounts[] {
  return [...all]
    .filter((one) => one.hookset === hookset)
    .sort(
      (a, b) => compare(a.event, b.event) || compare(a.hook, b.hook) || compare(b.lastAt, a.lastAt),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** In memory, for the servers of one process. */
export class MemoryShadows implements ShadowStore {
  readonly #counts: FairMap<ShadowCounts>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(limits = storeLimits, now: () => number = Date.now) {
    this.#counts = new FairMap(limits.shadows, Infinity);
    this.#now = now;
  }

  async add(tenant: string, shadow: ShadowHook, agreement: Agreement): Promise<void> {
    const key = shadowKey(shadow);
    const at = new Date(this.#now()).toISOString();
    const before = this.#counts.get(tenant, key) ?? { ...shadow, ...noShadowCounts, firstAt: at };
    const counts = { ...before, [agreement]: before[agreement] + 1, lastAt: at };
    this.#counts.set(tenant, key, counts, 0);
  }

  async list(tenant: string, hookset: string): Promise<readonly ShadowCounts[]> {
    const oldest = new Date(this.#now() - shadowLifeMs).toISOString();
    const kept = this.#counts.values(tenant).filter(({ lastAt }) => lastAt > oldest);
    return shadowsOf(kept, hookset);
  }
}
