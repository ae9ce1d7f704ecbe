/** The states of hooks in memory, for the servers of one process. */
import type { StateKey, StateStore } from '../dispatch/states.ts';
import { sha256 } from './audit-record.ts';
import { FairMap } from './fair-map.ts';
import { stateLifeMs, storeLimits } from './stores.ts';

interface Kept {
  readonly pack: Uint8Array;
  /** On the clock of performance.now(). */
  readonly endsAt: number;
}

/** When it is full, the oldest state of the tenant that has most is evicted. */
export class MemoryStates implements StateStore {
  readonly #states: FairMap<Kept>;
  readonly #lifeMs: number;

  constructor(limits = storeLimits, lifeMs = stateLifeMs) {
    this.#states = new FairMap(limits.states, limits.stateBytes);
    this.#lifeMs = lifeMs;
  }

  async get(key: StateKey): Promise<Uint8Array | undefined> {
    const kept = this.#states.get(key.tenant, nameOf(key));
    return kept === undefined || kept.endsAt <= performance.now() ? undefined : kept.pack;
  }

  async put(key: StateKey, pack: Uint8Array): Promise<void> {
    if (pack.length === 0) {
      this.#states.delete(key.tenant, nameOf(key));
      return;
    }
    // A copy: the pack may be a view of all that its sandbox sent.
    const kept = { pack: Uint8Array.from(pack), endsAt: performance.now() + this.#lifeMs };
    this.#states.set(key.tenant, nameOf(key), kept, pack.length);
  }
}

/** Of fixed length, however long the session's name is. */
function nameOf({ session, name }: StateKey): string {
  return sha256(JSON.stringify([session, name]));
}
