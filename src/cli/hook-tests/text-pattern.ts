/** Text patterns of a test: a part of the text, or a regular expression between slashes. */
import { InvalidInputError } from '../../errors.ts';
import { compileExpression } from '../../protocol/matching/patterns/expression.ts';
import { Matching } from '../../protocol/matching/patterns/matching.ts';
import { compiledOr, quotePattern } from '../../protocol/matching/patterns/problem.ts';

/**
 * @throws InvalidInputError `INVALID_USAGE` for an expression that takes too many steps in a text.
 */
export type TextPattern = (text: string) => boolean;

/**
 * Limit of the steps, which take half a second. A text of 64 KiB and an expression of 20 characters
 * take 1,000,000.
 */
const maxSteps = 30_000_000;
/**
 * An expression between slashes. The flags `g` and `y` are left out: they keep a position, which a
 * test does not need.
 */
const shape = /^\/(.+)\/([imsuv]*)$/s;

/**
 * `/word/flags` is a regular expression; any other pattern is a part of the text, case-sensitive.
 * @throws InvalidInputError `INVALID_USAGE` for an expression that cannot be compiled.
 */
export function compileTextPattern(pattern: string): TextPattern {
  const [, source, flags] = shape.exec(pattern) ?? [];
  if (source === undefined) return (text) => text.includes(pattern);
  const expression = compiledOr(
    () => compileExpression(source, { flags: flags ?? '' }),
    (problem) => {
      throw unusable(pattern, problem.message, problem);
    },
  );
  return (text) => {
    const matches = expression(text, new Matching(maxSteps));
    if (matches !== undefined) return matches;
    throw unusable(
      pattern,
      `takes too many steps in a text of ${text.length} characters: make it simpler`,
    );
  };
}

function unusable(pattern: string, problem: string, cause?: Error): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', `${quotePattern(pattern)} ${problem}.`, { cause });
}
