/** Tool name patterns. Compiled once, when a hook is loaded; a bad one refuses the whole file. */
import { InvalidInputError, messageOf } from '../errors.ts';
import type { Dialect } from './dialect.ts';

export type Matcher = (toolName: string) => boolean;

/**
 * @param pattern as configured; undefined where the event has no matcher.
 * @throws InvalidInputError `INVALID_HOOKS` when it is not a regular expression.
 */
export function compileMatcher(dialect: Dialect, pattern: string | undefined): Matcher {
  if (pattern === undefined || pattern === '') {
    const everything = dialect.matcher.emptyMatches === 'everything';
    return () => everything;
  }
  if (pattern === '*') return () => true;
  const regex = compileRegex(dialect.matcher.anchored ? `^(?:${pattern})$` : pattern, pattern);
  return (toolName) => regex.test(toolName);
}

/** Properties and code points mean something with the flag only. */
const needsUnicode = /\\[pP]\{|\\u\{/;

/**
 * Without the unicode flag where it is not needed: V8 can then leave a pattern that backtracks
 * without end to its linear engine (the command line switches that on).
 */
function compileRegex(source: string, pattern: string): RegExp {
  const flags = needsUnicode.test(pattern) ? 'u' : '';
  try {
    // Alone first: `a)|(b` would become valid, and mean something else, inside our own brackets.
    new RegExp(pattern, flags);
    return new RegExp(source, flags);
  } catch (error) {
    const hint = pattern.includes('(?i)') ? ' Inline flags are not supported: write [Bb]ash.' : '';
    const text = `matcher ${JSON.stringify(pattern)} is not a regular expression: ${messageOf(error)}.${hint}`;
    throw new InvalidInputError('INVALID_HOOKS', text, { cause: error });
  }
}
