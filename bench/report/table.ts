/** Formats rows of text as a table, for terminals and for Markdown. The first row is the header. */

/**
 * @param texts number of leading text columns; the other columns contain numbers and are
 * right-aligned.
 */
export function plainTable(rows: readonly (readonly string[])[], texts: number): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, at) =>
        at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      .join('  '),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}

export function markdownTable(rows: readonly (readonly string[])[], texts: number): string {
  const [head = [], ...body] = rows;
  const rule = head.map((_, at) => (at < texts ? '---' : '---:'));
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Leaves out what is empty in every row below the header. */
export function withoutEmptyColumns(rows: readonly (readonly string[])[]): string[][] {
  const [, ...body] = rows;
  return rows.map((row) => row.filter((_, at) => body.some((one) => one[at] !== '')));
}

/** Formats a number with three significant digits; above 1,000 as a whole number. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}
