/** Text tables and colours for a terminal; plain text elsewhere. */
import { stripVTControlCharacters } from 'node:util';
import { plainText } from '../plain-text.ts';
import type { HookFacts } from '../protocol/decision.ts';

const codes = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Colour = keyof typeof codes;
/** The escape sequences of paint(), in parentheses so that split() keeps them. */
const painted = new RegExp(`(\u001b\\[(?:0|${Object.values(codes).join('|')})m)`);

export function paint(text: string, colour: Colour, terminal: boolean): string {
  return terminal ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/**
 * Makes text for people safe: only the control sequences of paint() reach a terminal, and none
 * reach a program or file.
 */
export function forPeople(text: string, terminal: boolean): string {
  if (!terminal) return plainText(text);
  return text
    .split(painted)
    .map((part, at) => (at % 2 === 1 ? part : plainText(part)))
    .join('');
}

/**
 * Formats columns as wide as their widest cell; the last one is truncated to the rest of the line.
 */
export function table(rows: readonly (readonly string[])[], columns: number): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell));
  const last = widths.length - 1;
  const used = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  const room = Math.max(20, columns - used);
  const lines = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === last ? cut(cell, room) : cell + ' '.repeat((widths[at] ?? 0) - width(cell)),
    );
    return cells.join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

/** Makes text of a script or a file safe for a terminal: one line, no control sequences. */
export function oneLine(text: string): string {
  const spaced = stripVTControlCharacters(text).replace(/[\p{Cc}\s]+/gu, ' ');
  return plainText(spaced).trim();
}

export function milliseconds(ms: number): string {
  return ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function cut(text: string, room: number): string {
  return width(text) <= room
    ? text
    : `${[...stripVTControlCharacters(text)].slice(0, room - 1).join('')}…`;
}

/** The colour of a decision. */
export function colourOf(decision: string): Colour {
  if (decision === 'block') return 'red';
  return decision === 'ask' ? 'yellow' : 'green';
}

/** How a hook ended, in one or two words: `exited 2`, `signaled SIGKILL`, `replied`, `not run`. */
export function endOf(facts: HookFacts | null): string {
  if (facts === null) return 'not run';
  return facts.status === 'replied'
    ? facts.status
    : `${facts.status} ${facts.exitCode ?? facts.signal ?? ''}`.trim();
}
