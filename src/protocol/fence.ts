/**
 * Data in a question to a judge: JSON in which no character can end its block or be read in another
 * way than it looks, between marks that nobody can guess.
 */

/**
 * All that is not visible as itself: controls, formats (bidirectional and zero-width characters,
 * tags), unassigned characters, separators other than the blank, and what could end a mark.
 */
const unplain = /[<>&\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
/** Valid JSON has these outside of strings only. */
const layout = /[\t\n\r]+/g;
const inLayout: ReadonlySet<string> = new Set(['\t', '\n', '\r']);

/** The same JSON in printable characters. @param json valid JSON. */
export function plainData(json: string): string {
  return json.replace(layout, ' ').replace(unplain, escaped);
}

/**
 * The most bytes of plainData(json), counted without making it: an escape takes up to six times the
 * bytes of its character. The count ends above `most`.
 */
export function plainBytes(json: string, most: number): number {
  let bytes = Buffer.byteLength(json);
  for (const [character] of json.matchAll(unplain)) {
    if (bytes > most) break;
    if (!inLayout.has(character)) bytes += 6 * character.length - Buffer.byteLength(character);
  }
  return bytes;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\u${code}`;
  }).join('');
}

export interface DataBlock {
  /** Of the block, in capital letters, digits, `_` and `.`. */
  readonly name: string;
  /** Valid JSON. */
  readonly json: string;
}

/** @param mark 128 random bits as 32 hexadecimal digits, new for each question. */
export function fenced({ name, json }: DataBlock, mark: string): string {
  return `<data ${mark} ${name}>\n${plainData(json)}\n</data ${mark}>`;
}

const mostReason = 2_000;
const unplainText = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text of a judge as agents get it: at most 2,000 characters, without characters that cannot be
 * seen. Whoever talks a judge into a text writes to the agent.
 */
export function plainReason(text: string): string {
  const plain = text.replace(unplainText, escaped).trim();
  return plain.length <= mostReason
    ? plain
    : `${plain.slice(0, mostReason - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
