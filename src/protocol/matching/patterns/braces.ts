/** Expands `{a,b}` in a glob into one glob per choice. */
import { PatternProblem } from './problem.ts';

/**
 * The most globs that the braces of one glob may expand to, and (`maxWritten`) the most characters
 * of all of them together.
 */
const maxChoices = 100;
const maxWritten = 10_000;

/** @throws PatternProblem for a brace that is not closed, and for too many choices. */
export function expandBraces(glob: string): readonly string[] {
  return new Reader(glob).sequence('');
}

class Reader {
  readonly #glob: string;
  #at = 0;

  constructor(glob: string) {
    this.#glob = glob;
  }

  /** All expansions of the text up to one of the ends, or up to the end of the glob. */
  sequence(ends: string): string[] {
    let all = [''];
    while (this.#at < this.#glob.length) {
      const char = this.#glob.charAt(this.#at);
      if (ends.includes(char)) return all;
      const next = char === '{' ? this.#braces() : [this.#literal(char)];
      this.#check(all.length * next.length);
      all = all.flatMap((before) => next.map((one) => before + one));
    }
    return all;
  }

  #literal(char: string): string {
    const text = char === '\\' ? this.#glob.slice(this.#at, this.#at + 2) : char;
    this.#at += text.length;
    return text;
  }

  #braces(): string[] {
    const choices: string[][] = [];
    do {
      this.#at++;
      choices.push(this.sequence(',}'));
    } while (this.#glob.charAt(this.#at) === ',');
    if (this.#glob.charAt(this.#at) !== '}')
      throw new PatternProblem('has a { that is not closed: write \\{ for the character');
    this.#at++;
    const [only = [], ...others] = choices;
    if (others.length === 0) return only.flatMap((text) => rangeOf(text) ?? [`\\{${text}\\}`]);
    const all = choices.flat();
    this.#check(all.length);
    return all;
  }

  #check(choices: number): void {
    if (choices > maxChoices || (choices > 1 && choices * this.#glob.length > maxWritten))
      throw tooMany();
  }
}

/** `1..5` and `a..e`; undefined for anything else. */
function rangeOf(text: string): readonly string[] | undefined {
  const [, from, to] = /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])$/.exec(text) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const isNumber = /\d/.test(from) && /\d/.test(to);
  const [first, last] = isNumber
    ? [Number(from), Number(to)]
    : [from.charCodeAt(0), to.charCodeAt(0)];
  const count = Math.abs(last - first) + 1;
  if (count > maxChoices) throw tooMany();
  const step = Math.sign(last - first);
  const all = Array.from({ length: count }, (_, index) => first + index * step);
  return all.map((one) => (isNumber ? String(one) : String.fromCharCode(one)));
}

function tooMany(): PatternProblem {
  return new PatternProblem(
    `has braces with more than ${maxChoices} choices, or ${maxWritten} characters in all of them: write fewer`,
  );
}
