/** The report for programs: one JSON object with everything that is known. */
import { plainJson } from '../../plain-text.ts';
import { count, type Report } from './result.ts';

/** Incremented when a field changes its meaning or is removed. */
const version = 1;

export function jsonReport({ results, unreached, durationMs }: Report): string {
  const { passed, failed, error, skipped } = count(results);
  const counts = { passed, failed, errors: error, skipped };
  const report = {
    v: version,
    ...counts,
    durationMs,
    cases: results,
    unreachedHooks: unreached ?? null,
  };
  return `${plainJson(JSON.stringify(report))}\n`;
}
