/** What failed, in few lines: a page of the CI shows no more than the last ones of a log. */
import { stripVTControlCharacters } from 'node:util';
import type { Ended } from './phases.ts';

const mostLines = 60;
/** Of a phase that names no failed tests, such as a linter. */
const lastLines = 15;
const mostLetters = 300;

/** Vitest and our own runners write it above the error of a test, Vitest also of no test. */
const heading = /^\s*FAIL\s+(\S.*)$|^⎯+ ((?:Uncaught|Unhandled) (?:Exception|Rejection|Error)) ⎯+$/;

/**
 * Names the failed tests of each failed phase, each with the first line of its error; the last lines
 * of a phase that names none; what a phase lacks that was not run.
 *
 * @returns at most 60 lines, of which each failed phase has its share
 */
export function failureLines(all: readonly Ended[]): string[] {
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const notRun = all.filter(({ outcome }) => outcome === 'not run');
  const share = Math.floor((mostLines - notRun.length) / Math.max(1, failed.length));
  return [
    ...failed.flatMap(({ name, output }) => [`${name} failed:`, ...toldBy(output, share - 1)]),
    ...notRun.map(({ name, output }) => `${name} was not run. ${output.trim()}`),
  ];
}

function toldBy(output: string, room: number): string[] {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const tests = failedTests(lines);
  const told = tests.length > 0 ? tests : lines.slice(-Math.min(lastLines, room));
  const shown = told.length <= room ? told : told.slice(0, room - 1);
  const more = told.length - shown.length;
  return [
    ...shown.map((line) => `  ${line.slice(0, mostLetters)}`),
    ...(more === 0 ? [] : [`  and ${more} lines more`]),
  ];
}

/** A line for each test, and one for the error below them: tests with the same error share it. */
function failedTests(lines: readonly string[]): string[] {
  const told = new Set<string>();
  const found: string[] = [];
  let titles: string[] = [];
  for (const line of lines) {
    const [, test, outside] = heading.exec(line) ?? [];
    const title = (test ?? outside)?.replaceAll(/\s+/g, ' ').trim();
    if (title !== undefined) {
      titles.push(title);
      continue;
    }
    // A retried test has a heading for each try.
    const fresh = titles.filter((one) => !told.has(one));
    if (fresh.length > 0) found.push(...fresh, `  ${line.trim()}`);
    for (const one of fresh) told.add(one);
    titles = [];
  }
  return found;
}
