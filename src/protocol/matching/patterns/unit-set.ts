/**
 * The characters that one element of an expression takes: `.`, `\d`, `[^a-z]`, or a letter in any case.
 * V8 tells, of one character at a time, which nothing can make slow.
 */

const asciiCount = 128;
const is = 1;
const isNot = 2;

export class UnitSet {
  readonly #element: RegExp;
  /** Of the characters of ASCII, what V8 has told; 0: it was not asked. */
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
