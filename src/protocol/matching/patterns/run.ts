/**
 * Runs a program over a text. Each state is entered at most once at each position, whatever the
 * expression is.
 */
import type { Matching } from './matching.ts';
import { type Look, ops, type Program } from './program.ts';
import type { UnitSet } from './unit-set.ts';

/**
 * A local name, because it is read at every step, and bundled modules look up an imported name each
 * time.
 */
const code = ops;
/** The steps for a start, and (`foreignSteps`) for a test of a character outside of ASCII by V8. */
const startSteps = 16;
const foreignSteps = 4;
const asciiCount = 128;

/**
 * @returns whether any part of the text matches; undefined when the steps of the matching do not
 * suffice.
 */
export function runProgram(
  program: Program,
  text: string,
  matching: Matching,
): boolean | undefined {
  if (!matching.spend(startSteps + program.ops.length / 8)) return undefined;
  const run = new Run(program, unitsOf(text, program.isUnicode), matching);
  for (const look of program.looks) if (!run.find(look)) return undefined;
  return run.search();
}

function unitsOf(text: string, isUnicode: boolean): Uint32Array {
  if (isUnicode) return Uint32Array.from(text, (char) => char.codePointAt(0) as number);
  const units = new Uint32Array(text.length);
  for (let at = 0; at < units.length; at++) units[at] = text.charCodeAt(at);
  return units;
}

class Run {
  readonly #program: Program;
  readonly #units: Uint32Array;
  readonly #matching: Matching;
  /** For each look-around, 1 at the positions where its expression matches. */
  readonly #found: Uint8Array[] = [];
  /**
   * For each state, the position plus 1 where it was last entered, so that it is entered there
   * once.
   */
  readonly #entered: Uint32Array;
  readonly #stack: Uint16Array;
  /** The states that wait for the next character; `#count` is their number. */
  #waiting: Uint16Array;
  #spare: Uint16Array;
  #count = 0;
  #steps = 0;

  constructor(program: Program, units: Uint32Array, matching: Matching) {
    const size = program.ops.length;
    this.#program = program;
    this.#units = units;
    this.#matching = matching;
    this.#entered = new Uint32Array(size);
    this.#stack = new Uint16Array(size + 1);
    this.#waiting = new Uint16Array(size);
    this.#spare = new Uint16Array(size);
  }

  /** undefined when the steps do not suffice. */
  search(): boolean | undefined {
    const { entry, ops: does } = this.#program;
    const startsOnce = does[entry] === code.textStart;
    for (let at = 0; at <= this.#units.length; at++) {
      const isMatch = this.#arrive(at, at - 1);
      if ((at === 0 || !startsOnce) && this.#enter(entry, at)) return true;
      if (isMatch) return true;
      if (!this.#pays()) return undefined;
      if (startsOnce && this.#count === 0) return false;
    }
    return false;
  }

  /**
   * Records for each position whether the look-around's expression matches. @returns false when the
   * steps do not suffice.
   */
  find({ entry, runsBack }: Look): boolean {
    const { length } = this.#units;
    const found = new Uint8Array(length + 1);
    for (let taken = 0; taken <= length; taken++) {
      const at = runsBack ? length - taken : taken;
      const isMatch = this.#arrive(at, runsBack ? at : at - 1);
      if (this.#enter(entry, at) || isMatch) found[at] = 1;
      if (!this.#pays()) return false;
    }
    this.#count = 0;
    this.#found.push(found);
    return true;
  }

  #pays(): boolean {
    const steps = this.#steps + 1;
    this.#steps = 0;
    return this.#matching.spend(steps);
  }

  /**
   * Moves to a position over the character at `index`. @returns whether the end of the program is
   * reached.
   */
  #arrive(at: number, index: number): boolean {
    const { ops: does, args, nexts, sets } = this.#program;
    const before = this.#waiting;
    const count = this.#count;
    const unit = this.#units[index] as number;
    this.#waiting = this.#spare;
    this.#spare = before;
    this.#count = 0;
    if (unit >= asciiCount) this.#steps += foreignSteps * count;
    let isMatch = false;
    for (let each = 0; each < count; each++) {
      const state = before[each] as number;
      const arg = args[state] as number;
      const takes = does[state] === code.unit ? arg === unit : (sets[arg] as UnitSet).has(unit);
      if (takes && this.#enter(nexts[state] as number, at)) isMatch = true;
    }
    return isMatch;
  }

  /**
   * Enters a state and all states that it leads to without a character. @returns whether the end is
   * among them.
   */
  #enter(first: number, at: number): boolean {
    const { ops: does, args, nexts } = this.#program;
    const stack = this.#stack;
    const entered = this.#entered;
    let isMatch = false;
    let height = 1;
    stack[0] = first;
    while (height > 0) {
      const state = stack[--height] as number;
      if (entered[state] === at + 1) continue;
      entered[state] = at + 1;
      this.#steps++;
      const op = does[state] as number;
      if (op === code.unit || op === code.set) this.#waiting[this.#count++] = state;
      else if (op === code.match) isMatch = true;
      else {
        if (op === code.split) stack[height++] = args[state] as number;
        if (this.#passes(op, args[state] as number, at)) stack[height++] = nexts[state] as number;
      }
    }
    return isMatch;
  }

  #passes(op: number, arg: number, at: number): boolean {
    const { looks, sets } = this.#program;
    const left = this.#units[at - 1];
    const right = this.#units[at];
    switch (op) {
      case code.split:
        return true;
      case code.textStart:
        return left === undefined;
      case code.textEnd:
        return right === undefined;
      case code.lineStart:
        return left === undefined || isLineEnd(left);
      case code.lineEnd:
        return right === undefined || isLineEnd(right);
      case code.look:
        return (this.#found[arg]?.[at] === 1) !== looks[arg]?.isNegated;
      default: {
        const word = sets[arg] as UnitSet;
        const isEdge =
          (left !== undefined && word.has(left)) !== (right !== undefined && word.has(right));
        return isEdge === (op === code.word);
      }
    }
  }
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x2028 || unit === 0x2029;
}
