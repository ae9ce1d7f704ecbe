/** Problems and warnings as lines of text. */
import type { Problem } from './source-document.ts';

/** Formats problems as `file:line:column: message` lines. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
    .join('\n');
}

/** Formats warnings as such lines, each with a line break. */
export function formatWarnings(warnings: readonly Problem[]): string {
  const marked = warnings.map((one) => ({ ...one, message: `warning: ${one.message}` }));
  return marked.map((one) => `${formatProblems([one])}\n`).join('');
}
