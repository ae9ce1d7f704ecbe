/** What the demo prints. */

const terminal = process.stdout.isTTY === true;
const colours = { block: 31, ask: 33, allow: 32, ok: 32, mismatch: 31 };

/** @param colour a decision, `ok` or `mismatch`; others stay plain, and so does what is no terminal. */
export function paint(text, colour = text) {
  const code = colours[colour];
  return terminal && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** What a script or a service said, made safe for a terminal. */
export function oneLine(text) {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/**
 * Columns as wide as their widest cell; the last one is cut to what is left of the line.
 * @param numberColumns the indexes of the columns that stand on the right.
 */
export function table(header, rows, numberColumns) {
  const lines = [header, ...rows];
  const columns = terminal ? process.stdout.columns : 160;
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => visible(line[column]).length)),
  );
  const room = Math.max(
    12,
    columns - widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0),
  );
  const format = (cell, column) => {
    if (column === header.length - 1)
      return cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
    const gap = ' '.repeat(widths[column] - visible(cell).length);
    return numberColumns.includes(column) ? gap + cell : cell + gap;
  };
  return `${lines.map((line) => line.map(format).join('  ').trimEnd()).join('\n')}\n`;
}

function visible(text) {
  return text.replace(/\p{Cc}\[\d+m/gu, '');
}
