/**
 * `npm run conformance -- [--cases FILE...] [--system NAME] [--live]`: every case by name, then the
 * sum. Default: those of this folder.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { testPool } from '../support/pool.ts';
import { readCases, skipReason } from './case.ts';
import { replay } from './replay.ts';

const caseFiles = ['cases.jsonl', 'more-cases.jsonl', 'own.jsonl'].map((file) =>
  path.join(import.meta.dirname, file),
);
const { values } = parseArgs({
  options: {
    cases: { type: 'string', multiple: true, default: caseFiles },
    system: { type: 'string' },
    live: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const all = values.cases
  .flatMap(readCases)
  .filter((one) => values.system === undefined || one.system === values.system);
const pool = values.live ? testPool({ warm: 1 }) : undefined;
const skips = new Map<string, number>();
let passed = 0;
let failed = 0;
let stricter = 0;
try {
  for (const one of all) {
    const reason = skipReason(one, values.live);
    if (reason !== undefined) {
      skips.set(reason, (skips.get(reason) ?? 0) + 1);
      if (values.verbose) console.log(`skip ${one.id}: ${reason}`);
      continue;
    }
    const { wrong, stricter: why } = await replay(one, pool);
    if (wrong.length === 0) passed++;
    else failed++;
    if (why !== undefined) stricter++;
    if (why !== undefined) console.log(`stricter ${one.id} (${one.system})\n  ${why}`);
    if (wrong.length > 0) console.log(`FAIL ${one.id} (${one.system})\n  ${wrong.join('\n  ')}`);
    else if (values.verbose) console.log(`ok   ${one.id}`);
  }
} finally {
  await pool?.drain();
}
for (const [reason, count] of skips) console.log(`skipped ${count}: ${reason}`);
const skipped = [...skips.values()].reduce((sum, count) => sum + count, 0);
if (stricter > 0)
  console.log(
    `${stricter} of the passed: hookpool says no where the system would go ahead, and names its rule`,
  );
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
