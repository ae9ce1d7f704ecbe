/** Random lines of shell, most of them valid, that hide the command `hit` in many places. */
import { type Random, random } from './fuzzing/random.ts';

const words = [
  ...['x', 'y', 'x', 'y', "'q'", '"q"', '"x y"', '"$v"', '$v', '-o', 'a=1', '"p q"', "'p'", '*'],
  ...['{a,b}', '~', '2>&1', '>f', '<f', '&>f', '$((1+2))', '"a\\"b"', "'a", 'b"', '#', 'a#b'],
  ...['\\;', '\\\n', '!', '[', '$"q"', "$'\\''", "$'\\x27'", `\${v:-x}`, `"\${v:-"x"}"`, `\${#v}`],
  ...['[[', '((', '}', '{', 'fi', '<<<x', '3<&-', '`true`', '$(true)', '\\"', '"\\\n"', '$[1]'],
];
const starts = [
  ...['x', 'y', ':', 'true', 'x', 'y', 'x', 'y', 'hit', 'echo', '! x', 'time x', '"hit"', 'h\\it'],
  ...['a=1 hit', 'a=$(x) hit', '>f hit', '2>f hit', 'a=(x) hit'],
];
const joints = ['; ', ' && ', ' || ', ' | ', ' & ', '\n', ';', '&', ' |& ', '&>f '];
const noise = [
  ...['"', "'", '`', '\\', '$(', ')', '(', '#', '\n', '&', '|', ';', '<', '>', '{', '}', '$', '!'],
  ...[' ', "$'", '${', '<<E', '\n#', ' # ', '=', '[', 'esac', '((', '))', '&>', 'x'],
];

/** The same lines for the same seed. */
export function shellLines(count: number, seed: string): readonly string[] {
  const writer = new Writer(random(seed));
  const lines = Array.from({ length: count }, () => writer.line());
  return lines.filter((line) => line.length <= 300 && line.includes('it'));
}

class Writer {
  readonly #random: Random;

  constructor(chance: Random) {
    this.#random = chance;
  }

  line(): string {
    let text = this.#list(this.#random.below(3));
    if (this.#random.below(2) === 0) return text;
    for (let left = 1 + this.#random.below(2); left > 0; left--) {
      const at = this.#random.below(text.length + 1);
      const cut = this.#random.below(2);
      const added = cut === 0 ? this.#random.pick(noise) : '';
      text = text.slice(0, at) + added + text.slice(at + cut);
    }
    return text;
  }

  #list(depth: number): string {
    let text = this.#command(depth);
    for (let left = this.#random.below(2); left > 0; left--)
      text += this.#random.pick(joints) + this.#command(depth);
    return text;
  }

  #command(depth: number): string {
    if (depth === 0 || this.#random.below(2) === 0) return this.#simple(depth);
    const list = () => this.#list(depth - 1);
    return this.#random.pick([
      () => `(${list()})`,
      () => `{ ${list()}; }`,
      () => `if ${list()}; then ${list()}; fi`,
      () => `for i in a b; do ${list()}; done`,
      () => `case a in ${this.#random.pick(['a', '(a)', 'b|a', '"a"', '*'])}) ${list()} ;; esac`,
      () => `f() { ${list()}; }; f`,
      () => `function g { ${list()}; }; g`,
      () => this.#document(depth),
    ])();
  }

  #document(depth: number): string {
    const end = this.#random.pick(['E', '"E"', "'E'", '-E', '\\E']);
    const rest = this.#random.pick(['', ' | x', '; x', ' | hit']);
    const body = this.#random.pick(['x', `$(${this.#list(depth - 1)})`, '`hit`', "it's", '"', '#']);
    const closing = this.#random.pick(['E', 'E', '\tE', 'E ']);
    return `cat <<${end}${rest}\n${body}\n${closing}\n${this.#simple(depth - 1)}`;
  }

  #simple(depth: number): string {
    const parts = Array.from({ length: this.#random.below(3) }, () => this.#word(depth));
    return [this.#random.pick(starts), ...parts].join(this.#random.pick([' ', ' ', '\t', '']));
  }

  #word(depth: number): string {
    if (depth <= 0 || this.#random.below(2) === 0) return this.#random.pick(words);
    const list = this.#list(depth - 1);
    return this.#random.pick([`$(${list})`, `"$(${list})"`, `\`${list}\``, `<(${list})`]);
  }
}
