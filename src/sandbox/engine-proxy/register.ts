/** The containers that were created through this proxy: limits their number and knows their ids. */
import type { ContainerSummary } from '../engine.ts';
import { reapReason } from '../reaper.ts';
import { sandboxLabel } from '../spec.ts';
import { Refused } from './refused.ts';

export interface RegisterEngine {
  list(label: string): Promise<ContainerSummary[]>;
  remove(id: string): Promise<void>;
}

export class Register {
  readonly #engine: RegisterEngine;
  readonly #max: number;
  readonly #ids = new Set<string>();
  readonly #unattached = new Set<string>();
  readonly #creating = new Set<Promise<string>>();
  #closed = false;

  constructor(engine: RegisterEngine, max: number) {
    this.#engine = engine;
    this.#max = max;
  }

  /** @throws Refused with 429 when there are `max` already, with 503 after close(). */
  async create(make: () => Promise<string>): Promise<string> {
    if (this.#isFull()) await this.#forgetGone();
    if (this.#isFull()) {
      throw new Refused(
        429,
        `There are ${this.#max} sandboxes of this engine proxy already; its option --max allows more.`,
      );
    }
    if (this.#closed) throw new Refused(503, 'This engine proxy is closing.');
    const creation = make();
    this.#creating.add(creation);
    try {
      const id = await creation;
      this.#ids.add(id);
      this.#unattached.add(id);
      return id;
    } finally {
      this.#creating.delete(creation);
    }
  }

  /** @throws Refused with 404 for a container that this proxy did not make */
  requireOwn(id: string): void {
    if (!this.#ids.has(id)) throw notFound(id);
  }

  /**
   * Permits one attach per container of this proxy, that of the worker that created it. @throws
   * Refused with 404 for any other
   */
  claimAttach(id: string): void {
    if (!this.#unattached.delete(id)) throw notFound(id);
  }

  /**
   * Removes a container of this proxy; another one only when it is a sandbox that any reaper would
   * remove.
   */
  async remove(id: string): Promise<void> {
    if (!this.#ids.has(id)) await this.#requireDoomed(id);
    await this.#engine.remove(id);
    this.#forget(id);
  }

  /** Refuses new containers and removes all existing ones. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#creating);
    await Promise.allSettled([...this.#ids].map((id) => this.#engine.remove(id)));
  }

  #isFull(): boolean {
    return this.#ids.size + this.#creating.size >= this.#max;
  }

  /**
   * Forgets removed containers: most end by themselves (AutoRemove), so the engine is asked which
   * are left.
   */
  async #forgetGone(): Promise<void> {
    const before = [...this.#ids];
    const alive = new Set((await this.#sandboxes()).map(({ id }) => id));
    for (const id of before) if (!alive.has(id)) this.#forget(id);
  }

  async #requireDoomed(id: string): Promise<void> {
    const found = (await this.#sandboxes()).find((one) => one.id === id);
    if (found === undefined) throw notFound(id);
    // Only the worker's host can tell whether the worker lives: a container that is not started
    // counts as abandoned.
    if (reapReason(found, Date.now(), () => true) !== undefined) return;
    throw new Refused(
      403,
      'This engine proxy permits the removal of a sandbox that it did not make only when nobody uses it.',
    );
  }

  #sandboxes(): Promise<ContainerSummary[]> {
    return this.#engine.list(`${sandboxLabel}=1`);
  }

  #forget(id: string): void {
    this.#ids.delete(id);
    this.#unattached.delete(id);
  }
}

/**
 * The same text for a missing container and for one that is no sandbox: callers do not learn which
 * containers exist.
 */
function notFound(id: string): Refused {
  return new Refused(404, `No such container: ${id} is no sandbox of this engine proxy.`);
}
