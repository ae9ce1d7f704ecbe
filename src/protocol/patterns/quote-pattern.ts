const shownLength = 100;

/** A pattern in a message: in quotes, and cut, because one problem must not fill an answer. */
export function quotePattern(pattern: string): string {
  return JSON.stringify(pattern.length > shownLength ? `${pattern.slice(0, shownLength)}…` : pattern);
}
