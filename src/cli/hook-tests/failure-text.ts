/**
 * Describes the failure of one case in lines for people; all reports that show it show the same
 * lines.
 */
import { stripVTControlCharacters } from 'node:util';
import { type HookResult, runFacts } from '../../protocol/decision.ts';
import { endOf, oneLine } from '../table.ts';
import { causeWord } from './judge.ts';
import type { CaseResult } from './result.ts';

/** Enough for the error message of a script and for the frames of a traceback. */
const shownStderrLines = 12;

/**
 * Returns lines without colours and control sequences; none for a case that passed or was skipped.
 */
export function failureText({ mismatches, message, outcome, decision }: CaseResult): string[] {
  if (outcome === 'passed' || outcome === 'skipped') return [];
  return [
    ...(message === undefined ? [] : [oneLine(message)]),
    ...mismatches.map(
      ({ field, expected, actual }) =>
        `${field}: expected ${oneLine(expected)}, got ${oneLine(actual)}`,
    ),
    ...(decision?.results.length === 0 ? ['No hook matched.'] : []),
    ...(decision?.results ?? []).flatMap(hookLines),
  ];
}

/** What came of further runs of a case: its rate, and the hostile texts that it withstood. */
export function runsText({ repeated, injected }: CaseResult): string[] {
  const stayed = injected && injected.runs - injected.changed.length;
  return [
    ...(repeated === undefined
      ? []
      : [`rate ${Math.round(repeated.rate * 1000) / 1000} of ${repeated.runs} runs`]),
    ...(injected === undefined ? [] : [`stays with ${stayed} of ${injected.runs} injections`]),
  ];
}

function hookLines(result: HookResult): string[] {
  const { facts, hook, decision, cause, reason, heard } = result;
  const stderr = runFacts(facts)?.stderrHead ?? '';
  const why = cause.kind === 'fail-mode' ? cause.message : (reason ?? '');
  const said = why === '' ? '' : `: ${oneLine(why)}`;
  return [
    `${hook}: ${heard === false ? 'in shadow, ' : ''}${endOf(facts)}, ${decision} by ${causeWord(cause)}${said}`,
    ...stderrLines(stderr),
  ];
}

function stderrLines(text: string): string[] {
  const lines = stripVTControlCharacters(text).trimEnd().split('\n');
  if (lines.length === 1 && lines[0] === '') return [];
  const shown = lines
    .slice(0, shownStderrLines)
    .map((line) => `  stderr| ${line.replace(/\p{Cc}/gu, ' ').trimEnd()}`);
  return lines.length > shownStderrLines
    ? [...shown, `  stderr| … ${lines.length - shownStderrLines} more lines`]
    : shown;
}
