/** JUnit XML, as CI systems read it: one testsuite per file. */
import { failureText } from './failure-text.ts';
import { type CaseResult, count, type Report } from './result.ts';

export function junitReport({ results, durationMs }: Report): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.flatMap((file) =>
    suite(
      file,
      results.filter((result) => result.file === file),
    ),
  );
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hookpool test" ${totals(results)} time="${seconds(durationMs)}">`,
    ...suites,
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function suite(file: string, results: readonly CaseResult[]): string[] {
  const timeMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  const head = `  <testsuite name="${escapeXml(file)}" ${totals(results)} time="${seconds(timeMs)}">`;
  return [head, ...results.flatMap(testCase), '  </testsuite>'];
}

function testCase(result: CaseResult): string[] {
  const { file, line, name, durationMs, outcome } = result;
  const head = `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}" file="${escapeXml(file)}" line="${line}" time="${seconds(durationMs)}"`;
  const lines = [...properties(result), ...(outcome === 'passed' ? [] : [body(result)])];
  return lines.length === 0 ? [`${head}/>`] : [`${head}>`, ...lines, '    </testcase>'];
}

/** What came of --repeat and --inject, in the element that CI systems show beside a case. */
function properties({ repeated, injected }: CaseResult): string[] {
  const all = {
    ...(repeated && { runs: repeated.runs, held: repeated.held, rate: repeated.rate }),
    ...(injected && {
      injections: injected.runs,
      changedBy: injected.changed.map(({ id }) => id).join(' '),
    }),
  };
  const lines = Object.entries(all).map(
    ([name, value]) => `        <property name="${name}" value="${escapeXml(String(value))}"/>`,
  );
  return lines.length === 0 ? [] : ['      <properties>', ...lines, '      </properties>'];
}

function body(result: CaseResult): string {
  if (result.outcome === 'skipped') return '      <skipped message="an earlier case failed"/>';
  const element = result.outcome === 'error' ? 'error' : 'failure';
  const lines = failureText(result);
  return `      <${element} message="${escapeXml(lines[0] ?? '')}">${escapeXml(lines.join('\n'), '\n')}</${element}>`;
}

function totals(results: readonly CaseResult[]): string {
  const { failed, error, skipped } = count(results);
  return `tests="${results.length}" failures="${failed}" errors="${error}" skipped="${skipped}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Characters that XML 1.0 cannot represent, not even escaped. */
const unfit = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Escapes a text for an attribute or an element; line ends would turn into blanks in an attribute.
 */
function escapeXml(text: string, lineEnd = '&#10;'): string {
  return text
    .replace(unfit, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', lineEnd);
}
