/**
 * JavaScript regular expressions whose matching time grows no faster than the length of the text
 * times the size of the expression. Back-references are not supported, because their work cannot be
 * bounded.
 */
import { messageOf } from '../../../errors.ts';
import type { Matching } from './matching.ts';
import { PatternProblem } from './problem.ts';
import { compileProgram } from './program.ts';
import { runProgram } from './run.ts';
import { type Node, parseExpression } from './syntax.ts';

/**
 * The most characters of an expression. Lists of names, which need no expression, may be longer.
 */
export const maxExpressionLength = 2_000;

/** @returns whether the text matches; undefined when the steps of the matching do not suffice. */
export type Expression = (text: string, matching: Matching) => boolean | undefined;

export interface ExpressionOptions {
  /** Any of `imsuv`. */
  readonly flags?: string;
  /** The expression must match the whole text; otherwise a match of any part is enough. */
  readonly isWhole?: boolean;
}

/**
 * Compiles in time that grows with the length: 10 to 50 µs for typical expressions.
 * @throws PatternProblem whose message completes "the expression …".
 */
export function compileExpression(
  source: string,
  { flags = '', isWhole = false }: ExpressionOptions = {},
): Expression {
  if (source.length > maxExpressionLength) {
    const text = `has ${source.length} characters, and ${maxExpressionLength} are the most: split it, or name the tools without special characters`;
    throw new PatternProblem(text);
  }
  checkSyntax(source, flags);
  const root = parseExpression(source, flags);
  const program = compileProgram(isWhole ? wholly(root) : root, flags);
  return (text, matching) => runProgram(program, text, matching);
}

/**
 * Lets V8 report syntax errors. V8 compiles an expression only when it is used, and this one never
 * is.
 */
function checkSyntax(source: string, flags: string): void {
  try {
    new RegExp(source, flags);
  } catch (error) {
    // V8's reason follows the expression itself, which the caller quotes.
    const reason = messageOf(error).split(': ').at(-1);
    const hint = /\(\?[a-z-]+[):]/.test(source)
      ? '. Inline flags are not supported: write [Bb]ash'
      : '';
    throw new PatternProblem(`is not a regular expression: ${reason}${hint}`, { cause: error });
  }
}

function wholly(root: Node): Node {
  return {
    kind: 'sequence',
    items: [{ kind: 'edge', at: 'start' }, root, { kind: 'edge', at: 'end' }],
  };
}
