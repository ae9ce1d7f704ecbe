/**
 * Runs cases through evaluate() and real sandboxes, several at once.
 *
 * They share one tenant, and so its warm sandboxes: each script has a sandbox for itself while it
 * runs, and the next one gets it only after the verified reset, or gets another one. The same rule
 * keeps two events of an agent apart, so it keeps cases apart, in any order and at any concurrency.
 * Cases of one session run in turn.
 */
import type { Hook } from '../../protocol/hook.ts';
import type { TestCase } from './load-suites.ts';
import type { CaseResult } from './result.ts';
import { type RunCaseOptions, runCase } from './run-case.ts';
import { Sessions } from './sessions.ts';

export interface RunCasesOptions extends RunCaseOptions {
  readonly concurrency: number;
  /** No case is started after one that did not pass. */
  readonly bail: boolean;
  /** Called in the order of the cases, as soon as all earlier ones are over. */
  readonly onResult: (result: CaseResult, before: CaseResult | undefined) => void;
}

export interface CasesRun {
  readonly results: readonly CaseResult[];
  readonly reached: ReadonlySet<Hook>;
}

/** @throws the signal's reason when it is aborted. */
export async function runCases(
  cases: readonly TestCase[],
  options: RunCasesOptions,
): Promise<CasesRun> {
  const results: (CaseResult | undefined)[] = cases.map(() => undefined);
  const reached = new Set<Hook>();
  const sessions = new Sessions();
  const state = { next: 0, told: 0, stopped: false };
  const finish = (at: number, result: CaseResult) => {
    results[at] = result;
    state.stopped ||= options.bail && result.outcome !== 'passed';
    for (let told = results[state.told]; told !== undefined; told = results[++state.told])
      options.onResult(told, results[state.told - 1]);
  };
  const work = async () => {
    while (state.next < cases.length) {
      const at = state.next++;
      const one = cases[at] as TestCase;
      const result = await sessions.inTurn(one, async (where) =>
        state.stopped ? skipped(one) : runCase(one, options, reached, where),
      );
      options.signal.throwIfAborted();
      finish(at, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, cases.length) }, work));
  options.signal.throwIfAborted();
  return { results: results.filter((result) => result !== undefined), reached };
}

function skipped({ file, line, name }: TestCase): CaseResult {
  return { file, line, name, outcome: 'skipped', mismatches: [], durationMs: 0 };
}
