/**
 * Work that may begin only while there are places for it: what is more waits, and the tenants take turns. Some
 * work takes several places.
 */
import type { Places, Refusal } from './shares.ts';

interface Waiting {
  readonly begin: () => void;
  readonly tenant: string;
  readonly places: number;
}

export class Turns {
  readonly #running: Places;
  readonly #waiting: Places;
  /** The tenant whose turn comes next first. */
  readonly #lines = new Map<string, Set<Waiting>>();

  constructor(running: Places, waiting: Places) {
    this.#running = running;
    this.#waiting = waiting;
  }

  /**
   * @returns `begun`, or what begins when it is the tenant's turn, or why it may not even wait. Whoever has
   *   begun calls end() with the same places.
   */
  ask(tenant: string, places = 1): 'begun' | Line | Refusal {
    if (!this.#wouldOvertake(tenant) && this.#running.take(tenant, places) === undefined) return 'begun';
    return this.#waiting.take(tenant, places) ?? this.#stand(tenant, places);
  }

  /** What had begun is over. */
  end(tenant: string, places = 1): void {
    this.#running.giveBack(tenant, places);
    this.#beginAll();
  }

  /**
   * Small work must not for ever take the places that large work waits for: that of the same tenant, and that of
   * a tenant within its share, for which too few places are free as yet.
   */
  #wouldOvertake(tenant: string): boolean {
    return this.#lines.has(tenant) || [...this.#lines.values()].some((line) => this.#refusal(line)?.whose === 'everybody');
  }

  #stand(tenant: string, places: number): Line {
    let waiting: Waiting | undefined;
    const turn = new Promise<void>((resolve) => {
      waiting = { begin: resolve, tenant, places };
      const line = this.#lines.get(tenant) ?? new Set();
      this.#lines.set(tenant, line.add(waiting));
    });
    return { turn, leave: () => waiting !== undefined && this.#leave(waiting) };
  }

  #leave(waiting: Waiting): boolean {
    if (!this.#remove(waiting)) return false;
    // Others may have waited behind it only.
    this.#beginAll();
    return true;
  }

  #remove(waiting: Waiting): boolean {
    const { tenant, places } = waiting;
    const line = this.#lines.get(tenant);
    if (line?.delete(waiting) !== true) return false;
    if (line.size === 0) this.#lines.delete(tenant);
    this.#waiting.giveBack(tenant, places);
    return true;
  }

  /** More than one: large work may make room for several, and a tenant's share grows when the others have gone. */
  #beginAll(): void {
    while (this.#beginNext());
  }

  #beginNext(): boolean {
    for (const [tenant, line] of this.#lines) {
      const refusal = this.#refusal(line);
      // What is free is kept for it.
      if (refusal?.whose === 'everybody') return false;
      const [first] = line;
      if (refusal !== undefined || first === undefined) continue;
      this.#running.take(tenant, first.places);
      this.#remove(first);
      // Behind the others, if more of this tenant wait.
      if (this.#lines.delete(tenant)) this.#lines.set(tenant, line);
      first.begin();
      return true;
    }
    return false;
  }

  /** Why the first of a line cannot begin. */
  #refusal(line: ReadonlySet<Waiting>): Refusal | undefined {
    const [first] = line;
    return first && this.#running.refusal(first.tenant, first.places);
  }
}

export interface Line {
  /** Resolves when the work has to begin. */
  readonly turn: Promise<void>;
  /** Waits no longer. @returns false when its turn has come before: then it has begun. */
  readonly leave: () => boolean;
}
