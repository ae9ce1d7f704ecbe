/**
 * Fairness among the tenants of one worker: by default a tenant may hold all slots but one, so that
 * another tenant's job finds a free one. Jobs beyond a tenant's share go back into the queue for a
 * while.
 */
export class TenantSlots {
  readonly #cap: number;
  readonly #held = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** @param cap jobs of one tenant that may run at once. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  get running(): number {
    let sum = 0;
    for (const held of this.#held.values()) sum += held;
    return sum;
  }

  /** Takes a slot. @returns false when the tenant holds its share already. */
  take(tenant: string): boolean {
    const held = this.#held.get(tenant) ?? 0;
    if (held >= this.#cap) return false;
    this.#held.set(tenant, held + 1);
    return true;
  }

  give(tenant: string): void {
    const left = (this.#held.get(tenant) ?? 0) - 1;
    if (left > 0) this.#held.set(tenant, left);
    else this.#held.delete(tenant);
    for (const look of this.#waiting) look();
  }

  /** Resolves when at most `count` jobs run. */
  untilAtMost(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.running > count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

const minDelayMs = 10;
const maxDelayMs = 10_000;

/**
 * Milliseconds for which a job is put back: doubled each time, so that a long backlog is not taken
 * again and again, but at most a quarter of the job's remaining time.
 */
export function putBackMs(timesTaken: number, meanJobMs: number, leftMs: number): number {
  const base = Math.max(minDelayMs, meanJobMs) * 2 ** Math.min(timesTaken - 1, 20);
  const spread = 0.75 + Math.random() / 2;
  return Math.max(minDelayMs, Math.min(base * spread, maxDelayMs, leftMs / 4));
}
