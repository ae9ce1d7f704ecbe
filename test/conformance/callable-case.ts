/**
 * What becomes of what functions return to callable hooks. Each line of callable.jsonl has an
 * agent's own file, the files of its project, what the runs printed, and what must come of it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { givenFiles } from '../../src/bundling/project-files.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import type { FailMode } from '../../src/protocol/dialect.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { Observed } from './case.ts';

export interface CallableCase {
  readonly id: string;
  readonly source: string;
  readonly event: string;
  readonly file: object;
  /** The failMode of hooks that say none. */
  readonly failMode?: FailMode;
  /** Path -> text. */
  readonly project: Readonly<Record<string, string>>;
  readonly context: object;
  /** The run of each hook; null for one that cannot run. Of stderr the last line. */
  readonly observed: readonly (Observed | null)[];
  /** `cause` is that of the first result: a kind, or a code. The other keys are a decision's. */
  readonly expect: {
    readonly cause?: string;
    readonly reasonContains?: string;
    readonly [key: string]: unknown;
  };
  readonly note: string;
}

export const callableCases = readFileSync(path.join(import.meta.dirname, 'callable.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CallableCase);

/** @param run runs the hook at this place among those of the file. */
export function decisionOn(
  { file, failMode, project, event, context }: CallableCase,
  run: (at: number) => Runner,
): Promise<Decision> {
  const files = Object.entries(project).map(([name, text]) => {
    return { path: name, executable: false, content: Buffer.from(text) };
  });
  const set = parseHooksFile('f.yaml', JSON.stringify(file), { failMode }, givenFiles(files));
  const hooks: readonly Hook[] = set.hooks.map(({ hook }) => hook);
  return evaluate(
    { dialect: set.dialect, hooks, event, context: Buffer.from(JSON.stringify(context)) },
    (job, signal, call) => run(hooks.indexOf(job.hook))(job, signal, call),
  );
}

export function expectDecision(decision: Decision, { expect: wanted }: CallableCase): void {
  const { cause, reasonContains, ...expected } = wanted;
  expect(decision).toMatchObject(expected);
  const [result] = decision.results;
  if (reasonContains !== undefined) expect(decision.reason).toContain(reasonContains);
  if (cause !== undefined)
    expect(result?.cause.kind === 'fail-mode' ? result.cause.code : result?.cause.kind).toBe(cause);
}
