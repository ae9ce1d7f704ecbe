/**
 * Compiles an expression into a program for a machine that is in many states at once, and so never
 * backtracks.
 */

import { PatternProblem } from './problem.ts';
import type { Edge, Node } from './syntax.ts';
import { UnitSet } from './unit-set.ts';

/** The most instructions of a program. Counted repeats are written out: `a{50}` has 50. */
const maxProgramSize = 2_000;

/** What an instruction does before it goes on to `nexts`. */
export const ops = {
  match: 0,
  /** The next unit is `args`. */
  unit: 1,
  /** The next unit is in the set `args`. */
  set: 2,
  /** Goes on to `args` as well. */
  split: 3,
  textStart: 4,
  textEnd: 5,
  lineStart: 6,
  lineEnd: 7,
  /** `word`: exactly one of the two neighbours is in the set `args`. `inside`: both or none. */
  word: 8,
  inside: 9,
  /** The look-around `args` holds here. */
  look: 10,
} as const;

/**
 * A look-around: the part of a program that finds, for each position, whether it matches from there
 * on, or up to there.
 */
export interface Look {
  readonly entry: number;
  /**
   * It runs from the end to the start, so that the matches from a position on are known when the
   * position is reached.
   */
  readonly runsBack: boolean;
  readonly isNegated: boolean;
}

export interface Program {
  readonly ops: Uint8Array;
  readonly args: Uint32Array;
  readonly nexts: Uint16Array;
  readonly sets: readonly UnitSet[];
  /** Inner look-arounds before those that contain them. */
  readonly looks: readonly Look[];
  readonly entry: number;
  /** Units are code points, not halves of surrogate pairs. */
  readonly isUnicode: boolean;
}

/** @throws PatternProblem when it has more than `maxProgramSize` instructions. */
export function compileProgram(root: Node, flags: string): Program {
  if (sizeOf(root) > maxProgramSize) {
    const text = `has more than ${maxProgramSize} states (a{50} has 50): make the counts in {…} smaller, or leave them out`;
    throw new PatternProblem(text);
  }
  return new Compiler(flags).program(root);
}

/**
 * The number of instructions, at least 1, so that an empty expression cannot be repeated without
 * limit either.
 */
function sizeOf(node: Node): number {
  switch (node.kind) {
    case 'sequence':
      return Math.max(1, sum(node.items.map(sizeOf)));
    case 'choice':
      return sum(node.options.map(sizeOf)) + node.options.length - 1;
    case 'repeat': {
      const item = sizeOf(node.item);
      if (node.max === Number.POSITIVE_INFINITY) return Math.max(1, node.min) * item + 1;
      return node.min * item + (node.max - node.min) * (item + 1);
    }
    case 'look':
      return sizeOf(node.item) + 2;
    default:
      return 1;
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}

class Compiler {
  readonly #flags: string;
  readonly #ops: number[] = [];
  readonly #args: number[] = [];
  readonly #nexts: number[] = [];
  readonly #sets = new Map<string, number>();
  readonly #looks: Look[] = [];

  constructor(flags: string) {
    this.#flags = flags.replace(/[gmy]/g, '');
    this.#isMultiline = flags.includes('m');
  }

  readonly #isMultiline: boolean;

  program(root: Node): Program {
    const entry = this.#build(root, this.#emit(ops.match, 0, 0), false);
    return {
      ops: Uint8Array.from(this.#ops),
      args: Uint32Array.from(this.#args),
      nexts: Uint16Array.from(this.#nexts),
      sets: [...this.#sets.keys()].map((text) => new UnitSet(text, this.#flags)),
      looks: this.#looks,
      entry,
      isUnicode: /[uv]/.test(this.#flags),
    };
  }

  /**
   * Emits a node whose continuation is emitted already. @returns the index at which the node
   * begins.
   */
  #build(node: Node, next: number, isBack: boolean): number {
    switch (node.kind) {
      case 'unit':
        if (node.code !== undefined && !this.#flags.includes('i'))
          return this.#emit(ops.unit, node.code, next);
        return this.#emit(ops.set, this.#set(node.text), next);
      case 'sequence': {
        const items = isBack ? node.items : node.items.toReversed();
        return items.reduce((rest, item) => this.#build(item, rest, isBack), next);
      }
      case 'choice':
        return node.options
          .map((option) => this.#build(option, next, isBack))
          .reduce((first, second) => this.#emit(ops.split, first, second));
      case 'repeat':
        return this.#repeat(node, next, isBack);
      case 'edge':
        return this.#edge(node.at, next);
      case 'look':
        return this.#look(node, next);
    }
  }

  #repeat(
    { item, min, max }: Extract<Node, { kind: 'repeat' }>,
    next: number,
    isBack: boolean,
  ): number {
    let rest = next;
    let copies = min;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#emit(ops.split, 0, next);
      const body = this.#build(item, loop, isBack);
      this.#args[loop] = body;
      // The last of the required copies is the body of the loop.
      rest = min === 0 ? loop : body;
      copies = min - 1;
    } else {
      for (let at = min; at < max; at++)
        rest = this.#emit(ops.split, this.#build(item, rest, isBack), next);
    }
    for (let at = 0; at < copies; at++) rest = this.#build(item, rest, isBack);
    return rest;
  }

  #edge(at: Edge, next: number): number {
    if (at === 'start')
      return this.#emit(this.#isMultiline ? ops.lineStart : ops.textStart, 0, next);
    if (at === 'end') return this.#emit(this.#isMultiline ? ops.lineEnd : ops.textEnd, 0, next);
    return this.#emit(at === 'word' ? ops.word : ops.inside, this.#set('\\w'), next);
  }

  #look({ item, isBehind, isNegated }: Extract<Node, { kind: 'look' }>, next: number): number {
    const entry = this.#build(item, this.#emit(ops.match, 0, 0), !isBehind);
    this.#looks.push({ entry, runsBack: !isBehind, isNegated });
    return this.#emit(ops.look, this.#looks.length - 1, next);
  }

  #emit(op: number, arg: number, next: number): number {
    this.#args.push(arg);
    this.#nexts.push(next);
    return this.#ops.push(op) - 1;
  }

  #set(text: string): number {
    const known = this.#sets.get(text) ?? this.#sets.size;
    this.#sets.set(text, known);
    return known;
  }
}
