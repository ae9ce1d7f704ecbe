/** What a walk through a shell text knows about whether its commands run and whether that matters. */

/** Commands that end the text, or the function that they stand in. */
const ending = /^(?:exit|return|exec)$/;

export interface CommandStanding {
  /** No condition stands before it: it runs whenever the text runs. */
  readonly isSure: boolean;
  /**
   * It stands in a part that may not run, or behind one that may end the text. What is not sure may
   * stand behind any other condition, too.
   */
  readonly isConditional: boolean;
  /** The text ends with exit code 0 although it fails: `a || true`, `a; exit 0`. */
  readonly isTolerated: boolean;
}

export class Standing {
  #now: CommandStanding = { isSure: true, isConditional: false, isTolerated: false };
  /** Commands so far that may end the text. */
  #exits = 0;

  /** @returns the standing of the next command. */
  take(words: readonly string[]): CommandStanding {
    if (ending.test(words[0] ?? '')) this.#exits++;
    return this.#now;
  }

  /** What follows may not run. */
  readonly unsure = (): void => {
    this.#now = { ...this.#now, isSure: false, isConditional: true };
  };

  /**
   * A condition ends with its part, unless a command in it may end the text.
   * @param isTolerated undefined: as what the part belongs to.
   * @returns what is to be done before and behind the part.
   */
  part(isTolerated: boolean | undefined): readonly [start: () => void, end: () => void] {
    let [before, exits] = [this.#now, this.#exits];
    const start = (): void => {
      [before, exits] = [this.#now, this.#exits];
      this.#now = { ...before, isTolerated: isTolerated ?? before.isTolerated };
    };
    const end = (): void => {
      const { isSure, isConditional } = this.#now;
      const isOver = this.#exits === exits;
      this.#now = {
        ...before,
        isSure,
        isConditional: isOver ? before.isConditional : isConditional,
      };
    };
    return [start, end];
  }

  /** A substitution ends with its conditions and its `exit`. */
  substitution(): readonly [start: () => void, end: () => void] {
    let [before, exits] = [this.#now, this.#exits];
    const start = (): void => {
      [before, exits] = [this.#now, this.#exits];
      this.#now = { ...before, isTolerated: false };
    };
    const end = (): void => {
      [this.#now, this.#exits] = [before, exits];
    };
    return [start, end];
  }
}
