/** The values that a command gives its own variables: `D=hooks; bash $D/b.sh`. */

/** Longer values are not followed, so that many uses of one long value stay cheap. */
const maxLength = 1000;
/** The most words of one loop that are followed. */
const maxWords = 100;
/** The most values of one variable that are followed. */
const maxValues = 8;

export class CommandValues {
  readonly #values = new Map<string, readonly (string | undefined)[]>();
  readonly #loops = new Map<string, readonly string[]>();

  /** @param words of one simple command. */
  take(words: readonly string[]): void {
    const at = words.indexOf('for');
    const name = words[at + 1];
    if (at !== -1 && name !== undefined && words[at + 2] === 'in')
      this.#loops.set(name, words.slice(at + 3, at + 3 + maxWords));
    for (const word of words) {
      const [start, variable] = /^([A-Za-z_]\w*)=/.exec(word) ?? [];
      if (start === undefined || variable === undefined) continue;
      const known = this.#values.get(variable) ?? [];
      const text = word.slice(start.length);
      const value = text.length > maxLength ? undefined : text;
      if (!known.includes(value) && known.length < maxValues)
        this.#values.set(variable, [...known, value]);
    }
  }

  /** undefined: the command does not set it, or to more than one value. */
  valueOf(name: string): string | undefined {
    const values = this.#values.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }

  /** The values that the command gives it one after another. */
  valuesOf(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).filter((value) => value !== undefined);
  }

  /** The words of the loop over `$name`; the word itself when it is no such variable. */
  wordsOf(word: string): readonly string[] {
    const [, name = ''] = /^\$(?:(\w+)|\{(\w+)\})$/.exec(word)?.filter(Boolean) ?? [];
    return this.#loops.get(name) ?? [word];
  }
}
