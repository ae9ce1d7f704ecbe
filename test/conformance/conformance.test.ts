/**
 * Every case that has a dialect, from its recorded facts. `npm run conformance -- --live` runs the
 * scripts.
 */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases, skipReason } from './case.ts';
import { replay } from './replay.ts';

const cases = ['cases.jsonl', 'more-cases.jsonl', 'own.jsonl'].flatMap((file) =>
  readCases(path.join(import.meta.dirname, file)),
);

describe('a conformance case', () => {
  const judged = cases.filter((one) => skipReason(one, false) === undefined);

  test('of Azure SRE Agent is never skipped', () => {
    const skipped = cases.filter(
      (one) =>
        one.system === 'azure-sre-agent' &&
        (skipReason(one, false) ?? skipReason(one, true)) !== undefined,
    );
    expect(skipped).toEqual([]);
  });

  test.each(judged)('holds: $id', async (one) => {
    expect((await replay(one)).wrong).toEqual([]);
  });
});
