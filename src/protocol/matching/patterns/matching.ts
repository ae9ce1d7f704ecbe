/** The common limit of all patterns of one event, and the cache of what its hooks read. */

/**
 * The steps for all hooks of one event. A step is one state of an expression at one character and
 * takes 10 ns, 45 ns at worst on a busy machine: all of them take 5 to 25 ms. An ordinary
 * expression takes 20 to 500 steps, names take none.
 */
export const maxEventSteps = 500_000;

/**
 * The most characters of a tool's name that an expression or a `*` is compared with. MCP clients
 * permit 64 to 128. A longer name is compared only with names that are written out; for other
 * patterns it counts as a match.
 */
export const maxSubjectLength = 512;

/**
 * The matching of one event. A comparison that exceeds its limits counts as a match, because a
 * guard that runs needlessly costs less than one that does not run.
 */
export class Matching {
  #left: number;
  #untold = 0;
  readonly #read = new Map<unknown, Map<unknown, unknown>>();

  constructor(steps = maxEventSteps) {
    this.#left = steps;
  }

  /** Takes steps from those that are left. @returns false when there are too few. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  /** The number of times that a limit was exceeded. */
  get untold(): number {
    return this.#untold;
  }

  /** Counts an exceeded limit. @returns true, because an undecided comparison counts as a match. */
  cannotTell(): true {
    this.#untold++;
    return true;
  }

  /**
   * The result of a pure function for a text or an input, cached for the other hooks of the event.
   */
  once<V, T>(read: (value: V) => T, value: V): T {
    const known = this.#read.get(read) ?? new Map<unknown, unknown>();
    this.#read.set(read, known);
    if (!known.has(value)) known.set(value, read(value));
    return known.get(value) as T;
  }
}
