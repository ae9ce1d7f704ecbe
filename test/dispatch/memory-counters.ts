/** Counters as a server has them, and how they were asked. */
import type { CounterKey, Counters } from '../../src/dispatch/counters.ts';

export class TestCounters implements Counters {
  readonly #counts = new Map<string, number>();

  async get(key: CounterKey): Promise<number> {
    return this.#counts.get(nameOf(key)) ?? 0;
  }

  async add(key: CounterKey): Promise<number> {
    const count = (await this.get(key)) + 1;
    this.#counts.set(nameOf(key), count);
    return count;
  }

  async clear(key: CounterKey): Promise<void> {
    this.#counts.delete(nameOf(key));
  }
}

function nameOf({ tenant, session, name }: CounterKey): string {
  return JSON.stringify([tenant, session, name]);
}
