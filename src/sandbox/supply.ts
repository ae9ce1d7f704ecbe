/**
 * Which sandboxes are created, and which one is evicted for them: first what waiters need, in their
 * order, then what is kept ready.
 */
import { defaultKind, kindKey, type SandboxKind } from '../protocol/sandbox-kind.ts';
import type { Creations } from './creations.ts';
import type { FreeSandboxes, Member } from './free-sandboxes.ts';
import type { RecentKinds } from './recent-kinds.ts';

export interface SupplyOptions {
  readonly free: FreeSandboxes;
  readonly creations: Creations;
  readonly recent: RecentKinds;
  /** Sandboxes that jobs hold. */
  readonly leased: ReadonlySet<unknown>;
  readonly warm: number;
  readonly max: number;
  /** One more at first, for the default kind. */
  readonly prepared: boolean;
  readonly evict: (member: Member) => void;
}

export class Supply {
  readonly #options: SupplyOptions;
  #isFirst = true;

  constructor(options: SupplyOptions) {
    this.#options = options;
  }

  /** Whether fewer blank sandboxes are ready than should be. */
  get lacksWarm(): boolean {
    const { free, recent, warm } = this.#options;
    return recent.warm().some((kind) => free.blankOf(kind) < warm);
  }

  /** @param needed the kinds of the waiters that no free sandbox fits, one entry for each waiter */
  create(needed: readonly SandboxKind[]): void {
    const { free, creations, recent, warm, prepared } = this.#options;
    if (this.#isFirst && prepared) this.#begin(defaultKind, () => this.#hasRoom());
    this.#isFirst = false;
    const counts = new Map<string, number>();
    const neededOf = (kind: SandboxKind) => counts.get(kindKey(kind)) ?? 0;
    for (const kind of needed) {
      counts.set(kindKey(kind), neededOf(kind) + 1);
      if (creations.runningOf(kind) < neededOf(kind)) this.#begin(kind, () => this.#makeRoom());
    }
    for (const kind of recent.warm()) {
      const lacks = () => free.blankOf(kind) + creations.runningOf(kind) < warm + neededOf(kind);
      while (lacks() && this.#begin(kind, () => this.#hasRoom()));
    }
  }

  /** @returns whether a creation was begun. */
  #begin(kind: SandboxKind, hasRoom: () => boolean): boolean {
    const { creations } = this.#options;
    if (!creations.mayBegin(kind) || !hasRoom()) return false;
    void creations.begin(kind);
    return true;
  }

  #hasRoom(): boolean {
    const { free, creations, leased, max } = this.#options;
    return free.blank + free.idle + leased.size + creations.running < max;
  }

  #makeRoom(): boolean {
    if (this.#hasRoom()) return true;
    const evicted = this.#options.free.takeLeastMissed();
    if (evicted === undefined) return false;
    this.#options.evict(evicted);
    return true;
  }
}
