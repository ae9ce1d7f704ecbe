/**
 * JavaScript regular expressions whose work grows with the text times the expression and no faster.
 * Everything is supported but back-references, whose work cannot be bounded.
 */
import { messageOf } from '../../../errors.ts';
import type { Matching } from './matching.ts';
import { PatternProblem } from './problem.ts';
import { compileProgram } from './program.ts';
import { runProgram } from './run.ts';
import { type Node, parseExpression } from './syntax.ts';

/** Characters. Lists of names, which need no expression, may be longer. */
export const maxExpressionLength = 2_000;

/** @returns whether the text matches; undefined when the steps of the matching do not suffice. */
export type Expression = (text: string, matching: Matching) => boolean | undefined;

export interface ExpressionOptions {
  /** Any of `imsuv`. */
  readonly flags?: string;
  /** The expression must match the whole text; otherwise any part of it will do. */
  readonly isWhole?: boolean;
}

/**
 * Compiles in time that grows with the length: 10 to 50 µs for those that people write.
 * @throws PatternProblem whose message completes "the expression …".
 */
export function compileExpression(source: string, { flags = '', isWhole = false }: ExpressionOptions = {}): Expression {
  if (source.length > maxExpressionLength) {
    const text = `has ${source.length} characters, and ${maxExpressionLength} are the most: split it, or name the tools without special characters`;
    throw new PatternProblem(text);
  }
  checkSyntax(source, flags);
  const root = parseExpression(source, flags);
  const program = compileProgram(isWhole ? wholly(root) : root, flags);
  return (text, matching) => runProgram(program, text, matching);
}

/** V8 says what is wrong. It compiles only when an expression is used, and this one never is. */
function checkSyntax(source: string, flags: string): void {
  try {
    new RegExp(source, flags);
  } catch (error) {
    // Behind the expression itself, which the caller quotes.
    const reason = messageOf(error).split(': ').at(-1);
    const hint = /\(\?[a-z-]+[):]/.test(source) ? '. Inline flags are not supported: write [Bb]ash' : '';
    throw new PatternProblem(`is not a regular expression: ${reason}${hint}`, { cause: error });
  }
}

function wholly(root: Node): Node {
  return { kind: 'sequence', items: [{ kind: 'edge', at: 'start' }, root, { kind: 'edge', at: 'end' }] };
}
