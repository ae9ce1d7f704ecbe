/**
 * Runs cases through evaluate() and real sandboxes, several at once.
 *
 * They share one tenant, and so its warm sandboxes: each script has a sandbox for itself while it
 * runs, and the next one gets it only after the verified reset, or gets another one. The same rule
 * keeps two events of an agent apart, so it keeps cases apart, in any order and at any concurrency.
 * Cases of one session run in turn.
 */
import { evaluate } from '../../dispatch/dispatcher.ts';
import type { HttpRunner, JudgeRunner, Runner } from '../../dispatch/runner.ts';
import type { Decision, HookResult } from '../../protocol/decision.ts';
import { failureCodes, unsupportedCodes } from '../../protocol/failure-codes.ts';
import type { Hook } from '../../protocol/hook.ts';
import type { Isolation } from '../../protocol/run.ts';
import { judge } from './judge.ts';
import type { TestCase } from './load-suites.ts';
import { plannedJudgeCauses, plannedJudges } from './planned-judges.ts';
import { plannedRunner } from './planned-targets.ts';
import type { CaseResult } from './result.ts';
import { type InSession, Sessions } from './sessions.ts';

export interface RunCasesOptions {
  readonly runner: Runner;
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly concurrency: number;
  /** No case is started after one that did not pass. */
  readonly bail: boolean;
  readonly signal: AbortSignal;
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

async function runCase(
  one: TestCase,
  { runner, tenant, isolation, signal }: RunCasesOptions,
  reached: Set<Hook>,
  { session, states }: InSession,
) {
  const run: Runner = (job, abort, call) => {
    reached.add(job.hook);
    return runner(job, AbortSignal.any([abort, signal]), call);
  };
  const ask = plannedRunner(one.targets);
  const http: HttpRunner = (job, abort, call) => {
    reached.add(job.hook);
    return ask(job, abort, call);
  };
  const judged = plannedJudges(one.judges);
  const judge: JudgeRunner = (job, abort, call) => {
    reached.add(job.hook);
    return judged(job, abort, call);
  };
  const request = { ...one.request, tenant, isolation, session };
  const decision = await evaluate(request, run, { http, judge, states });
  return resultOf(one, decision);
}

/** The result of a case, from its decision. */
function resultOf({ file, line, name, expect }: TestCase, decision: Decision): CaseResult {
  const heard = decision.results.filter((result) => result.heard !== false);
  const waitedMs = heard.reduce((sum, { durations }) => sum + durations.leaseMs, 0);
  const durationMs = decision.durationMs - waitedMs;
  const fault = heard.find(isOurFault);
  const base = { file, line, name, durationMs, decision };
  if (fault?.cause.kind === 'fail-mode') {
    const message = `${fault.hook} could not be run: ${fault.cause.message} (${fault.cause.code})`;
    return { ...base, outcome: 'error', mismatches: [], message };
  }
  const mismatches = judge(expect, decision, durationMs);
  return { ...base, outcome: mismatches.length === 0 ? 'passed' : 'failed', mismatches };
}

/**
 * Whether a failMode stands for a failure of hookpool: a guard that did not run must not pass as
 * one that blocked.
 */
function isOurFault({ cause }: HookResult): boolean {
  if (cause.kind !== 'fail-mode') return false;
  const isUnsupported = (unsupportedCodes as readonly string[]).includes(cause.code);
  // Cases that ask for it: no request of a test goes to a target or a judge.
  const planned: readonly string[] = ['TARGET_UNREACHABLE', ...plannedJudgeCauses];
  if (planned.includes(cause.code)) return false;
  return !isUnsupported && (failureCodes as readonly string[]).includes(cause.code);
}

function skipped({ file, line, name }: TestCase): CaseResult {
  return { file, line, name, outcome: 'skipped', mismatches: [], durationMs: 0 };
}
