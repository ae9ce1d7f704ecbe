/**
 * The characters that one element of an expression matches: `.`, `\d`, `[^a-z]`, or a letter in any
 * case. V8 tests one character at a time, which no expression can make slow.
 */

const asciiCount = 128;
const is = 1;
const isNot = 2;

export class UnitSet {
  readonly #element: RegExp;
  /** The cached results of V8 for the characters of ASCII; 0: not tested yet. */
  readonly #known = new Uint8Array(asciiCount);

  /** @param text one element as it is written. */
  constructor(text: string, flags: string) {
    this.#element = new RegExp(`^(?:${text})$`, flags);
  }

  has(code: number): boolean {
    if (code >= asciiCount) return this.#element.test(String.fromCodePoint(code));
    const known = this.#known[code];
    if (known !== 0) return known === is;
    const told = this.#element.test(String.fromCodePoint(code));
    this.#known[code] = told ? is : isNot;
    return told;
  }
}
