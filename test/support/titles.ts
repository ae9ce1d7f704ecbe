/** Titles of tests that are made for a list of texts. */

/** The most characters of a text in a title. */
const most = 100;

/**
 * The text, or its head and its length where it is long. Vitest sends each title three times from
 * its worker: a title of a megabyte costs 0.1 s of CPU time.
 */
export function titleOf(text: string): string {
  return text.length <= most ? text : `${text.slice(0, most)}… of ${text.length} characters`;
}

/** For `each`: every row with the title of its first text before it. */
export function titled<Row extends readonly [string, ...unknown[]]>(
  rows: readonly Row[],
): [title: string, ...row: Row][] {
  return rows.map((row) => [titleOf(row[0]), ...row]);
}

/** For `each`: every text with its title before it. */
export function titledTexts(texts: readonly string[]): [title: string, text: string][] {
  return texts.map((text) => [titleOf(text), text]);
}
