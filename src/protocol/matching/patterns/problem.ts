/** What is wrong with a pattern, told by the one who knows what the pattern is for. */

/** A pattern that cannot be used. The message completes "the pattern …" and says what to write. */
export class PatternProblem extends Error {}

/** @returns what is compiled, or what becomes of the problem; any other error is thrown. */
export function compiledOr<T>(compile: () => T, otherwise: (problem: PatternProblem) => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof PatternProblem) return otherwise(error);
    throw error;
  }
}

const shownLength = 100;

/** A pattern in a message: in quotes, and cut, because one problem must not fill an answer. */
export function quotePattern(pattern: string): string {
  return JSON.stringify(pattern.length > shownLength ? `${pattern.slice(0, shownLength)}…` : pattern);
}
