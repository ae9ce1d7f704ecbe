/** A unified diff of two texts, for people. */

const context = 3;
/** Cells of the table of common lines; a larger difference is shown as one replaced block. */
const mostCells = 4_000_000;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** @returns an empty text where nothing differs. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compared(linesOf(before), linesOf(after));
  const head = `--- ${before === '' ? '/dev/null' : name}\n+++ ${after === '' ? '/dev/null' : name}\n`;
  return head + hunks(lines).join('');
}

/** Lines with their line breaks: a file may end without one. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compared(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (texts: readonly string[]) => texts.map((text): Line => ({ mark: ' ', text }));
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Line[] {
  const common = before.length * after.length > mostCells ? () => 0 : commonLines(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  const removed = () => lines.push({ mark: '-', text: String(before[i++]) });
  const added = () => lines.push({ mark: '+', text: String(after[j++]) });
  while (i < before.length && j < after.length) {
    const both = common(i, j);
    if (both > common(i + 1, j) && both > common(i, j + 1) && before[i] === after[j]) {
      lines.push({ mark: ' ', text: String(before[i++]) });
      j++;
    } else if (common(i + 1, j) >= common(i, j + 1)) removed();
    else added();
  }
  while (i < before.length) removed();
  while (j < after.length) added();
  return lines;
}

/** The number of common lines of the rests from two indices on. */
function commonLines(before: readonly string[], after: readonly string[]) {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      table[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ mark }, at) => (mark === ' ' ? [] : [at]));
  const found: [start: number, end: number][] = [];
  for (const at of changed) {
    const last = found.at(-1);
    if (last !== undefined && at - last[1] < 2 * context) last[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found.map(([start, end]) => {
    const from = Math.max(0, start - context);
    const shown = lines.slice(from, end + context);
    const before = lines.slice(0, from);
    const range = (skipped: '-' | '+') => {
      const count = (some: readonly Line[]) => some.filter(({ mark }) => mark !== skipped).length;
      return `${count(before) + (count(shown) === 0 ? 0 : 1)},${count(shown)}`;
    };
    return `@@ -${range('+')} +${range('-')} @@\n${shown.map(shownLine).join('')}`;
  });
}

function shownLine({ mark, text }: Line): string {
  return text.endsWith('\n') ? mark + text : `${mark}${text}\n\\ No newline at end of file\n`;
}
