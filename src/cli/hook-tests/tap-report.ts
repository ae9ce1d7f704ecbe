/** TAP version 14: a line per case, with the failure as a YAML block. */
import { plainJson } from '../../plain-text.ts';
import { oneLine } from '../table.ts';
import { failureText } from './failure-text.ts';
import type { CaseResult, Report } from './result.ts';

export function tapReport({ results, unreached = [] }: Report): string {
  const lines = [
    'TAP version 14',
    `1..${results.length}`,
    ...results.flatMap((result, at) => [`${point(result, at + 1)}`, ...block(result)]),
    ...unreached.map(
      ({ file, line, event, hook }) => `# no case runs ${file}:${line}: ${event} ${hook}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function point({ file, name, outcome }: CaseResult, number: number): string {
  const ok = outcome === 'passed' || outcome === 'skipped' ? 'ok' : 'not ok';
  const directive = outcome === 'skipped' ? ' # SKIP an earlier case failed' : '';
  return `${ok} ${number} - ${escapeTap(`${file}: ${oneLine(name)}`)}${directive}`;
}

/** Escapes `#`, which begins a directive, and the backslash. */
function escapeTap(text: string): string {
  return text.replace(/[\\#]/g, '\\$&');
}

/** The values of the YAML block are JSON, so that no text of a script can end the block. */
function block(result: CaseResult): string[] {
  const { outcome, file, line, mismatches, durationMs, repeated, injected } = result;
  if (outcome === 'skipped') return [];
  const facts = Object.entries({
    duration_ms: Math.round(durationMs * 1000) / 1000,
    ...(repeated && { repeated }),
    ...(injected && { injected }),
    ...(outcome === 'passed'
      ? {}
      : { severity: outcome, at: `${file}:${line}`, mismatches, details: failureText(result) }),
  });
  return [
    '  ---',
    ...facts.map(([key, value]) => `  ${key}: ${plainJson(JSON.stringify(value))}`),
    '  ...',
  ];
}
