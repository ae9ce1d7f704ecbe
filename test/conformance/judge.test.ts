/**
 * What becomes of the answers of models to prompt and agent hooks. Each line of judge.jsonl has an
 * agent's own file, the answers of its judges, and what must come of them, with its source.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { caseJudges } from '../../src/cli/hook-tests/case-judges.ts';
import type { PlannedJudges } from '../../src/cli/hook-tests/planned-judges.ts';
import { Recordings } from '../../src/cli/hook-tests/recordings.ts';
import { Replies } from '../../src/cli/hook-tests/replies.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

interface JudgeCase {
  readonly id: string;
  readonly system: string;
  readonly source: string;
  readonly event: string;
  readonly file: object;
  readonly context: object;
  readonly judges: PlannedJudges;
  /**
   * `cause` is `output` or a code, `absent` a key that the decision must not have; the other keys are
   * those of a decision.
   */
  readonly expect: {
    readonly cause?: string;
    readonly absent?: string;
    readonly [key: string]: unknown;
  };
  readonly note: string;
}

/** Nothing is recorded: every answer is in its line. */
const replies = new Replies({ file: 'judge', name: 'judge' }, 'replay', new Recordings());
const cases = readFileSync(path.join(import.meta.dirname, 'judge.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JudgeCase);

test('every case has an id of its own, a source and a note', () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  for (const { id, source, note } of cases) expect([source, note], id).not.toContain('');
});

test.each(cases.map((one) => [one.id, one] as const))('holds: %s', async (_, one) => {
  const places: Readonly<Record<string, string>> = {
    copilot: '/p/.github/hooks/f.json',
    cursor: '/p/.cursor/hooks.json',
  };
  const at = places[one.system];
  const hint = at === undefined ? { dialect: one.system } : { path: at };
  const set = parseHooksFile(at ?? 'f.json', JSON.stringify(one.file), hint);
  const { cause, absent, ...expected } = one.expect;
  const decision = await evaluate(
    {
      dialect: set.dialect,
      hooks: set.hooks.map(({ hook }) => hook),
      event: one.event,
      context: Buffer.from(JSON.stringify(one.context)),
    },
    () => Promise.reject(new Error('no script')),
    { judge: caseJudges(one.judges, replies) },
  );
  expect(decision).toMatchObject(expected);
  if (absent !== undefined) expect(decision).not.toHaveProperty(absent);
  const [result] = decision.results;
  if (cause !== undefined)
    expect(result?.cause.kind === 'fail-mode' ? result.cause.code : result?.cause.kind).toBe(cause);
});
