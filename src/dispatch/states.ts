/** The store of the states of hooks, as evaluate() uses it. */

export interface StateKey {
  readonly tenant: string;
  /** The agent's id of the conversation. */
  readonly session: string;
  /** Names the hook and where it comes from; may be long. */
  readonly name: string;
}

/** Calls may fail or hang; a state may be forgotten, and is empty then. */
export interface StateStore {
  /** @returns undefined when there is none. */
  get(key: StateKey): Promise<Uint8Array | undefined>;
  /** Keeps the state in place of the one before; an empty one is none. */
  put(key: StateKey, pack: Uint8Array): Promise<void>;
}
