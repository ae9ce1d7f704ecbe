/** The report for people: a line per case while the cases run, then the failures and the totals. */
import { type Colour, milliseconds, oneLine, paint } from '../table.ts';
import { failureText, runsText } from './failure-text.ts';
import { type CaseResult, count, type HookPlace, type Outcome, type Report } from './result.ts';

const words: Readonly<Record<Outcome, readonly [string, Colour]>> = {
  passed: ['ok', 'green'],
  failed: ['FAIL', 'red'],
  error: ['ERROR', 'red'],
  skipped: ['skip', 'yellow'],
};
const shownSlowest = 3;

/** @param fileBefore file of the previous case, so that each file is named once. */
export function consoleLine(
  result: CaseResult,
  fileBefore: string | undefined,
  terminal: boolean,
): string {
  const [word, colour] = words[result.outcome];
  const time =
    result.decision === undefined
      ? ''
      : `  ${paint(milliseconds(result.durationMs), 'dim', terminal)}`;
  const heading = result.file === fileBefore ? '' : `${paint(result.file, 'bold', terminal)}\n`;
  const more = runsText(result).map((text) => `  ${paint(text, 'dim', terminal)}`);
  return `${heading}  ${paint(word.padEnd(5), colour, terminal)} ${oneLine(result.name)}${time}${more.join('')}\n`;
}

export function consoleSummary(report: Report, terminal: boolean): string {
  const lines = [
    ...report.results.flatMap((result) => failure(result, terminal)),
    '',
    ...slowest(report.results, terminal),
    ...unreached(report.unreached ?? [], terminal),
    totals(report, terminal),
  ];
  return `${lines.join('\n')}\n`;
}

function failure(result: CaseResult, terminal: boolean): string[] {
  const [word, colour] = words[result.outcome];
  const lines = failureText(result);
  if (lines.length === 0) return [];
  const title = `${result.file}:${result.line}: ${oneLine(result.name)}`;
  return [
    '',
    `${paint(word, colour, terminal)} ${paint(title, 'bold', terminal)}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

function slowest(results: readonly CaseResult[], terminal: boolean): string[] {
  const ran = results.filter(({ decision }) => decision !== undefined);
  if (ran.length <= shownSlowest) return [];
  const top = ran.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, shownSlowest);
  const lines = top.map(
    ({ file, line, name, durationMs }) =>
      `  ${milliseconds(durationMs)}  ${file}:${line}: ${oneLine(name)}`,
  );
  return [paint('Slowest:', 'dim', terminal), ...lines];
}

function unreached(hooks: readonly HookPlace[], terminal: boolean): string[] {
  if (hooks.length === 0) return [];
  const lines = hooks.map(({ file, line, event, hook }) => `  ${file}:${line}: ${event} ${hook}`);
  return [paint('No case runs these hooks:', 'yellow', terminal), ...lines];
}

function totals({ results, durationMs }: Report, terminal: boolean): string {
  const { passed, failed, error, skipped } = count(results);
  const parts = [
    paint(`${passed} passed`, 'green', terminal),
    failed > 0 ? paint(`${failed} failed`, 'red', terminal) : '0 failed',
    ...(error > 0 ? [paint(`${error} could not be run`, 'red', terminal)] : []),
    ...(skipped > 0 ? [paint(`${skipped} not run`, 'yellow', terminal)] : []),
  ];
  return `${parts.join(', ')} (${(durationMs / 1000).toFixed(2)} s)`;
}
