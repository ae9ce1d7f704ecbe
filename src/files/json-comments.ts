/** JSON with comments, as in the settings files of editors and agents. */

/**
 * Replaces comments by blanks, so that positions do not change. Text that is not JSON is returned
 * unchanged, because `//` is no comment in YAML. It runs before the depth is checked, since a quote
 * in a comment would hide the brackets after it, and therefore uses loops only (JSON.parse is one,
 * too).
 */
export function withoutComments(text: string): string {
  if (!/^\uFEFF?\s*[{/]/.test(text) || !text.includes('/')) return text;
  const marks = marksOf(text);
  if (marks === undefined) return text;
  const bare = blanked(text, marks.comments);
  return isJson(blanked(bare, marks.commas)) ? bare : text;
}

/** Start and end offset in a text. */
type Range = readonly [start: number, end: number];

interface Marks {
  readonly comments: readonly Range[];
  /** Trailing commas: those before a closing bracket. */
  readonly commas: readonly Range[];
}

/** @returns undefined when a `/` begins no comment, or a comment has no end. */
function marksOf(text: string): Marks | undefined {
  const comments: Range[] = [];
  const commas: Range[] = [];
  let comma: Range | undefined;
  const piece = /["/,}\]]|[^\s"/,}\]]+/g;
  for (let found = piece.exec(text); found !== null; found = piece.exec(text)) {
    const at = found.index;
    const [char] = found;
    const end = endOf(char, text, at);
    if (end === undefined) return undefined;
    piece.lastIndex = end;
    if (char === '/') {
      comments.push([at, end]);
      continue;
    }
    if (comma !== undefined && '}]'.includes(char)) commas.push(comma);
    comma = char === ',' ? [at, end] : undefined;
  }
  return { comments, commas };
}

function endOf(piece: string, text: string, start: number): number | undefined {
  if (piece === '"') return endOfText(text, start);
  return piece === '/' ? endOfComment(text, start) : start + piece.length;
}

/** Index after a comment; undefined when none begins here, or it has no end. */
function endOfComment(text: string, start: number): number | undefined {
  const isLine = text.startsWith('//', start);
  if (!isLine && !text.startsWith('/*', start)) return undefined;
  const end = text.indexOf(isLine ? '\n' : '*/', start + 2);
  if (isLine) return end === -1 ? text.length : end;
  return end === -1 ? undefined : end + 2;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function blanked(text: string, ranges: readonly Range[]): string {
  const parts: string[] = [];
  let behind = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(behind, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    behind = end;
  }
  return parts.join('') + text.slice(behind);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}
