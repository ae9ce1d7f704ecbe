/** The result of `npm run mutate` as a Markdown table. */
export interface Row {
  readonly name: string;
  readonly defence: string;
  readonly noticed: boolean;
  /** The entry or test that failed, and how. */
  readonly by: string;
  readonly seconds: number;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, defence, noticed, by }) => [
    `\`${name}\``,
    defence,
    noticed ? by : `**not noticed**: ${by}`,
  ]);
  const lines = [['mutation', 'what is gone', 'noticed by'], ['---', '---', '---'], ...cells];
  return lines
    .map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
