/** Finds the first word of a program's arguments that is no option and no value of one. */

/** The options of a program whose value is the next word. */
export interface ValueOptions {
  /** Letters of short options: `u` for `-u NAME`. */
  readonly letters?: string;
  /** Long options without their dashes. */
  readonly names?: readonly string[];
}

/** @returns the index of the first operand; the number of words when there is none. */
export function afterOptions(
  words: readonly string[],
  start: number,
  options: ValueOptions,
): number {
  let at = start;
  for (; at < words.length; at++) {
    const word = String(words[at]);
    if (word === '--') return at + 1;
    if (!/^-|^\+[oO]$/.test(word)) return at;
    if (takesNextWord(word, options)) at++;
  }
  return Math.min(at, words.length);
}

/** In `-eo pipefail` the last letter takes the value; in `-uNAME` the value follows at once. */
function takesNextWord(word: string, { letters = '', names = [] }: ValueOptions): boolean {
  if (word.startsWith('--')) return names.includes(word.slice(2));
  for (let at = 1; at < word.length; at++)
    if (letters.includes(word.charAt(at))) return at === word.length - 1;
  return false;
}
