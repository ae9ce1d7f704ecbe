/** How a test names a text: a part of it, or a regular expression between slashes. */
import { InvalidInputError, messageOf } from '../../errors.ts';

export type TextPattern = (text: string) => boolean;

/** `g` and `y` remember where they stopped, which a test has no use for. */
const expression = /^\/(.+)\/([imsuv]*)$/s;

/**
 * `/word/flags` is a regular expression, anything else a part of the text in its own case.
 * @throws InvalidInputError `INVALID_USAGE` for an expression that cannot be compiled.
 */
export function compileTextPattern(pattern: string): TextPattern {
  const [, source, flags] = expression.exec(pattern) ?? [];
  if (source === undefined) return (text) => text.includes(pattern);
  try {
    const regex = new RegExp(source, flags);
    return (text) => regex.test(text);
  } catch (error) {
    throw new InvalidInputError('INVALID_USAGE', `${pattern} is not a regular expression: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
