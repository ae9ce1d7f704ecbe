/** Counters across the events of one session, as evaluate() uses them. */

export interface CounterKey {
  readonly tenant: string;
  /** The session: the agent's id of the conversation. */
  readonly session: string;
  /** Name of the counter; may be long. */
  readonly name: string;
}

/**
 * Calls may fail, hang or lose a count: a hook then runs, or rejects, once more than it would have.
 * A missing count never lets an action through.
 */
export interface Counters {
  /** @returns 0 for a counter that was never increased. */
  get(key: CounterKey): Promise<number>;
  /** @returns the count after the increment. */
  add(key: CounterKey): Promise<number>;
  clear(key: CounterKey): Promise<void>;
}
