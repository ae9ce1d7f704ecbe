/** What `hookpool check --sarif` prints: SARIF 2.1.0, for code scanning. */
import path from 'node:path';
import type { Problem } from '../files/source-document.ts';
import { plainJson } from '../plain-text.ts';
import type { Findings } from './check-report.ts';
import { version } from './version.ts';

const rules = [
  { id: 'problem', shortDescription: { text: 'The file is refused.' } },
  {
    id: 'warning',
    shortDescription: { text: 'A hook does less here than its author may expect.' },
  },
];

export function checkSarif({ problems, warnings }: Findings): string {
  const results = [
    ...problems.map((one) => resultOf(one, 'problem', 'error')),
    ...warnings.map((one) => resultOf(one, 'warning', 'warning')),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'hookpool', version: version(), rules } }, results }],
  };
  return `${plainJson(JSON.stringify(log, null, 2))}\n`;
}

function resultOf({ file, line, column, message }: Problem, ruleId: string, level: string) {
  const region = { startLine: line, startColumn: column };
  const physicalLocation = { artifactLocation: { uri: uriOf(file) }, region };
  return { ruleId, level, message: { text: message }, locations: [{ physicalLocation }] };
}

/**
 * Relative to the current folder, as code scanning takes it. encodeURI() leaves `#` and `?`, which
 * end a path, and a colon, which makes a scheme of what stands before it.
 */
function uriOf(file: string): string {
  return path.relative('.', file).split(path.sep).map(encodeURIComponent).join('/');
}
