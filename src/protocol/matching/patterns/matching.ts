/** What the patterns of one event may cost together, and what its hooks share of the reading. */

/**
 * Steps for all hooks of one event. A step is one state of an expression at one character and takes 10 ns,
 * 45 ns at worst on a busy machine: all of them take 5 to 25 ms. An ordinary expression takes 20 to 500,
 * names take none.
 */
export const maxEventSteps = 500_000;

/**
 * Characters of a tool's name that an expression or a `*` is compared with. MCP clients permit 64 to 128; of
 * a longer name it cannot be told, except that it is none of the names written out.
 */
export const maxSubjectLength = 512;

/**
 * The matching of one event. Whatever cannot be told within its limits counts as a match, because a
 * guard that runs needlessly costs less than one that does not run.
 */
export class Matching {
  #left: number;
  #untold = 0;
  readonly #read = new Map<unknown, Map<string, unknown>>();

  constructor(steps = maxEventSteps) {
    this.#left = steps;
  }

  /** @returns false when that is more than what is left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  /** How often a limit was met. */
  get untold(): number {
    return this.#untold;
  }

  /** Notes that a limit was met. @returns true: what cannot be told is a match. */
  cannotTell(): true {
    this.#untold++;
    return true;
  }

  /** What a pure function makes of a text; a second hook gets the first one's. */
  once<T>(read: (text: string) => T, text: string): T {
    const known = this.#read.get(read) ?? new Map<string, unknown>();
    this.#read.set(read, known);
    if (!known.has(text)) known.set(text, read(text));
    return known.get(text) as T;
  }
}
