/** Who counts over several events of one conversation, as evaluate() sees it. */

export interface CounterKey {
  readonly tenant: string;
  /** The agent's name for the conversation. */
  readonly session: string;
  /** What is counted; may be long. */
  readonly name: string;
}

/**
 * May fail, hang or forget: a hook then runs, or rejects, once more than it would have. Nothing is ever let
 * through because of a count that is not there.
 */
export interface Counters {
  /** 0 for what was never counted. */
  get(key: CounterKey): Promise<number>;
  /** @returns the count with this one. */
  add(key: CounterKey): Promise<number>;
  clear(key: CounterKey): Promise<void>;
}
