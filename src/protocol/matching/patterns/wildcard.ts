/** Patterns in which `*` stands for any text, and everything else for itself. */

export type Wildcard = (text: string) => boolean;

export function compileWildcard(pattern: string): Wildcard {
  return joinedByAnything(pattern.split('*'));
}

/**
 * Matches a text that consists of these parts, in this order, with anything between them: it begins
 * with the first and ends with the last. Looks for each part once, from where the one before ended.
 */
export function joinedByAnything(parts: readonly string[]): Wildcard {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const middle = others.filter((part) => part !== '');
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= end;
  };
}
