/** The variable at the start of a word. */

export interface Variable {
  readonly name: string;
  /** Text after `:-`, `-`, `:=` or `=`, which counts where the variable is not set. */
  readonly instead: string | undefined;
  /** Length of the variable in the word. */
  readonly length: number;
}

const bare = /^\$(\w+)/;
const braced = /^\$\{(\w+)(?:\}|(:?[-=?]))/;

/** @returns undefined for other expansions, which change the value: `${X%/*}`. */
export function leadingVariable(word: string): Variable | undefined {
  const [short, shortName] = bare.exec(word) ?? [];
  if (short !== undefined)
    return { name: String(shortName), instead: undefined, length: short.length };
  const [start, name = '', operator] = braced.exec(word) ?? [];
  if (start === undefined) return undefined;
  if (operator === undefined) return { name, instead: undefined, length: start.length };
  const end = closingBrace(word, start.length);
  if (end === -1) return undefined;
  const text = word.slice(start.length, end);
  return { name, instead: operator.endsWith('?') ? undefined : text, length: end + 1 };
}

function closingBrace(word: string, start: number): number {
  let open = 1;
  for (let at = start; at < word.length; at++) {
    if (word.charAt(at) === '{') open++;
    if (word.charAt(at) === '}') open--;
    if (open === 0) return at;
  }
  return -1;
}

/** Defaults inside of defaults that are followed. */
const maxSteps = 8;

/** Replaces the variable at the start of a word by its value, or by its default. */
export function expandedFolder(word: string, lookUp: (name: string) => string | undefined): string {
  let text = word;
  for (let step = 0; step < maxSteps && text.startsWith('$'); step++) {
    const variable = leadingVariable(text);
    if (variable === undefined) return text;
    const value = lookUp(variable.name);
    const rest = text.slice(variable.length);
    if (value !== undefined) return value + rest;
    if (variable.instead === undefined) return text;
    text = variable.instead + rest;
  }
  return text;
}
