/** Problems of patterns. The caller, which knows what the pattern is for, completes the message. */

/** A pattern that cannot be used. The message completes "the pattern …" and names the fix. */
export class PatternProblem extends Error {}

/**
 * @returns the compiled pattern, or the result of `otherwise` for a PatternProblem; any other error
 * is thrown.
 */
export function compiledOr<T>(compile: () => T, otherwise: (problem: PatternProblem) => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof PatternProblem) return otherwise(error);
    throw error;
  }
}

const shownLength = 100;

/**
 * Quotes a pattern for a message and truncates it, so that one problem does not fill a response.
 */
export function quotePattern(pattern: string): string {
  return JSON.stringify(
    pattern.length > shownLength ? `${pattern.slice(0, shownLength)}…` : pattern,
  );
}
