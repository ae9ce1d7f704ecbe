/** Work that may begin only so many times at once: what is more waits, and the tenants take turns. */
import type { Places, Refusal } from './shares.ts';

interface Waiting {
  readonly begin: () => void;
  readonly tenant: string;
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
   *   begun calls end().
   */
  ask(tenant: string): 'begun' | Line | Refusal {
    if (this.#running.take(tenant) === undefined) return 'begun';
    return this.#waiting.take(tenant) ?? this.#stand(tenant);
  }

  /** What had begun is over. */
  end(tenant: string): void {
    this.#running.giveBack(tenant);
    // More than one: a tenant's share grows when the others have gone.
    while (this.#beginNext());
  }

  #stand(tenant: string): Line {
    let waiting: Waiting | undefined;
    const turn = new Promise<void>((resolve) => {
      waiting = { begin: resolve, tenant };
      const line = this.#lines.get(tenant) ?? new Set();
      this.#lines.set(tenant, line.add(waiting));
    });
    return { turn, leave: () => waiting !== undefined && this.#leave(waiting) };
  }

  #leave(waiting: Waiting): boolean {
    const line = this.#lines.get(waiting.tenant);
    if (line?.delete(waiting) !== true) return false;
    if (line.size === 0) this.#lines.delete(waiting.tenant);
    this.#waiting.giveBack(waiting.tenant);
    return true;
  }

  #beginNext(): boolean {
    for (const [tenant, line] of this.#lines) {
      const [first] = line;
      if (first === undefined || this.#running.take(tenant) !== undefined) continue;
      this.#leave(first);
      // Behind the others, if more of this tenant wait.
      if (this.#lines.delete(tenant)) this.#lines.set(tenant, line);
      first.begin();
      return true;
    }
    return false;
  }
}

export interface Line {
  /** Resolves when the work has to begin. */
  readonly turn: Promise<void>;
  /** Waits no longer. @returns false when its turn has come before: then it has begun. */
  readonly leave: () => boolean;
}
