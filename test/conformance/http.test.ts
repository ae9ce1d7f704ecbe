/**
 * What becomes of the answers that agents and services give to http hooks. Each line of http.jsonl
 * has an agent's own file, the answer, and what must come of it, with its source.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { caseTargets } from '../../src/cli/hook-tests/case-targets.ts';
import type { PlannedTargets } from '../../src/cli/hook-tests/planned-targets.ts';
import { Recordings } from '../../src/cli/hook-tests/recordings.ts';
import { Replies } from '../../src/cli/hook-tests/replies.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

interface HttpCase {
  readonly id: string;
  readonly system: string;
  readonly source: string;
  readonly event: string;
  readonly file: object;
  readonly context: object;
  readonly answer: PlannedTargets[string];
  /** `cause` is `output` or a code; the other keys are those of a decision. */
  readonly expect: { readonly cause?: string; readonly [key: string]: unknown };
  readonly note: string;
}

/** Nothing is recorded: every answer is in its line. */
const replies = new Replies({ file: 'http', name: 'http' }, 'replay', new Recordings());
const cases = readFileSync(path.join(import.meta.dirname, 'http.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as HttpCase);

test('every case has an id of its own, a source and a note', () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  for (const { id, source, note } of cases) expect([source, note], id).not.toContain('');
});

test.each(cases.map((one) => [one.id, one] as const))('holds: %s', async (_, one) => {
  // Where hookpool's own keys stand in a file of Copilot, its folder tells whose it is.
  const hint =
    one.system === 'copilot' ? { path: '/p/.github/hooks/f.json' } : { dialect: one.system };
  const set = parseHooksFile('f.json', JSON.stringify(one.file), hint);
  const { cause, ...expected } = one.expect;
  const decision = await evaluate(
    {
      dialect: set.dialect,
      hooks: set.hooks.map(({ hook }) => hook),
      event: one.event,
      context: Buffer.from(JSON.stringify(one.context)),
    },
    () => Promise.reject(new Error('no script')),
    { http: caseTargets({ 'hooks.test': one.answer }, replies) },
  );
  expect(decision).toMatchObject(expected);
  const [result] = decision.results;
  if (cause !== undefined)
    expect(result?.cause.kind === 'fail-mode' ? result.cause.code : result?.cause.kind).toBe(cause);
});
