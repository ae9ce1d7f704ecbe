/**
 * Work that may begin only while there are places for it: other work waits, and the tenants take
 * turns. Large work takes several places.
 */
import type { Places, Refusal } from './shares.ts';

/** How many places a tenant takes, and waits for, at this server. */
export interface TenantLine {
  readonly tenant: string;
  readonly running: number;
  readonly waiting: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly tenant: string;
  readonly places: number;
}

export class Turns {
  readonly #running: Places;
  readonly #waiting: Places;
  /** Waiting work by tenant; the tenant whose turn is next comes first. */
  readonly #lines = new Map<string, Set<Waiting>>();

  constructor(running: Places, waiting: Places) {
    this.#running = running;
    this.#waiting = waiting;
  }

  /**
   * @returns `begun`; or the line in which the work waits for its turn; or why it may not even
   * wait. The caller of work
   *   that has begun must call end() with the same places.
   */
  ask(tenant: string, places = 1): 'begun' | Line | Refusal {
    if (!this.#wouldOvertake(tenant) && this.#running.take(tenant, places) === undefined)
      return 'begun';
    return this.#waiting.take(tenant, places) ?? this.#stand(tenant, places);
  }

  /** The places that each tenant takes and waits for. */
  lines(): TenantLine[] {
    const tenants = new Set([...this.#running.holders, ...this.#waiting.holders]);
    return [...tenants].map((tenant) => ({
      tenant,
      running: this.#running.held(tenant),
      waiting: this.#waiting.held(tenant),
    }));
  }

  /** Call when work that had begun has ended. */
  end(tenant: string, places = 1): void {
    this.#running.giveBack(tenant, places);
    this.#beginAll();
  }

  /**
   * True where new work must wait although there may be places: small work must not for ever take
   * the places that large work waits for, be it work of the same tenant, or of a tenant within its
   * share for which too few places are free.
   */
  #wouldOvertake(tenant: string): boolean {
    return (
      this.#lines.has(tenant) ||
      [...this.#lines.values()].some((line) => this.#refusal(line)?.whose === 'everybody')
    );
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
    // Other work may have waited only because this one was first.
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

  /**
   * Begins all that may begin: large work may have made room for several, and a share grows when
   * the other tenants are gone.
   */
  #beginAll(): void {
    while (this.#beginNext());
  }

  #beginNext(): boolean {
    for (const [tenant, line] of this.#lines) {
      const refusal = this.#refusal(line);
      // The free places are kept for this work.
      if (refusal?.whose === 'everybody') return false;
      const [first] = line;
      if (refusal !== undefined || first === undefined) continue;
      this.#running.take(tenant, first.places);
      this.#remove(first);
      // The tenant goes behind the others if more of its work waits.
      if (this.#lines.delete(tenant)) this.#lines.set(tenant, line);
      first.begin();
      return true;
    }
    return false;
  }

  /** Why the first work of a line cannot begin. */
  #refusal(line: ReadonlySet<Waiting>): Refusal | undefined {
    const [first] = line;
    return first && this.#running.refusal(first.tenant, first.places);
  }
}

export interface Line {
  /** Resolves when the work must begin. */
  readonly turn: Promise<void>;
  /** Stops waiting. @returns false when the turn has already come: the work has begun then. */
  readonly leave: () => boolean;
}
