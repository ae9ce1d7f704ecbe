/** States of a session for a run whose own changes are dropped. */
import type { StateKey, StateStore } from '../../dispatch/states.ts';

export class LayeredStates implements StateStore {
  readonly #below: StateStore;
  readonly #own = new Map<string, Uint8Array>();

  constructor(below: StateStore) {
    this.#below = below;
  }

  async get(key: StateKey): Promise<Uint8Array | undefined> {
    return this.#own.get(JSON.stringify(key)) ?? this.#below.get(key);
  }

  async put(key: StateKey, pack: Uint8Array): Promise<void> {
    this.#own.set(JSON.stringify(key), Uint8Array.from(pack));
  }
}
