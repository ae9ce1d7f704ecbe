/** How a test names a text: a part of it, or a regular expression between slashes. */
import { InvalidInputError } from '../../errors.ts';
import { compileExpression } from '../../protocol/matching/patterns/expression.ts';
import { Matching } from '../../protocol/matching/patterns/matching.ts';
import { compiledOr, quotePattern } from '../../protocol/matching/patterns/problem.ts';

/** @throws InvalidInputError `INVALID_USAGE` for an expression with too much work in a text. */
export type TextPattern = (text: string) => boolean;

/** Half a second. A text of 64 KiB and an expression of 20 characters take 1,000,000. */
const maxSteps = 30_000_000;
/** `g` and `y` remember where they stopped, which a test has no use for. */
const shape = /^\/(.+)\/([imsuv]*)$/s;

/**
 * `/word/flags` is a regular expression, anything else a part of the text in its own case.
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
    throw unusable(pattern, `takes too many steps in a text of ${text.length} characters: make it simpler`);
  };
}

function unusable(pattern: string, problem: string, cause?: Error): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', `${quotePattern(pattern)} ${problem}.`, { cause });
}
