/** Runs one case: once, several times (`--repeat`), and with hostile texts in it (`--inject`). */
import { evaluate } from '../../dispatch/dispatcher.ts';
import type { HttpRunner, JudgeRunner, Runner } from '../../dispatch/runner.ts';
import type { Decision, HookResult } from '../../protocol/decision.ts';
import { failureCodes, unsupportedCodes } from '../../protocol/failure-codes.ts';
import type { Hook } from '../../protocol/hook.ts';
import type { Isolation } from '../../protocol/run.ts';
import { caseJudges, type RealJudges } from './case-judges.ts';
import { caseTargets, type RealTargets } from './case-targets.ts';
import { type Injection, withInjection } from './injections.ts';
import { judge } from './judge.ts';
import { LayeredStates } from './layered-states.ts';
import type { TestCase } from './load-suites.ts';
import { plannedJudgeCauses } from './planned-judges.ts';
import { Recordings } from './recordings.ts';
import { type AnswerMode, Replies } from './replies.ts';
import type { CaseResult, Mismatch, Repeated } from './result.ts';
import type { InSession } from './sessions.ts';

/** Where the answers of judges and services come from. */
export interface AnswerSource extends RealJudges, RealTargets {
  readonly mode: AnswerMode;
  readonly recordings: Recordings;
}

export interface RunCaseOptions {
  readonly runner: Runner;
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly signal: AbortSignal;
  /** Default: recorded answers only. */
  readonly answers?: AnswerSource | undefined;
  /** How often each case runs. Default: once. */
  readonly repeat?: number | undefined;
  /** Texts with which each case that expects a block runs again. */
  readonly injections?: readonly Injection[] | undefined;
}

interface Once {
  readonly decision: Decision;
  readonly durationMs: number;
  readonly mismatches: readonly Mismatch[];
  /** Why nothing is known about the guard. */
  readonly fault?: string;
  /** What has no answer. */
  readonly lacking?: string;
}

/** All runs of one case. */
interface Runs {
  /** The run of the case itself, then those of --repeat. */
  readonly plain: readonly Once[];
  readonly injected: readonly { readonly id: string; readonly once: Once }[];
}

/** @param reached the hooks that ran are added. */
export async function runCase(
  one: TestCase,
  options: RunCaseOptions,
  reached: Set<Hook>,
  where: InSession,
): Promise<CaseResult> {
  const { plain, injected } = await allRuns(one, options, reached, where);
  const { file, line, name, expect } = one;
  const base = { file, line, name };
  const held = plain.filter(({ mismatches }) => mismatches.length === 0).length;
  const rate = held / plain.length;
  const changed = injected
    .map(({ id, once }) => ({ id, decision: once.decision.decision }))
    .filter(({ decision }) => decision !== expect.decision);
  const extra = {
    ...(plain.length > 1 ? { repeated: { runs: plain.length, held, rate } } : {}),
    ...(injected.length > 0 ? { injected: { runs: injected.length, changed } } : {}),
  };
  const all = [...plain, ...injected.map(({ once }) => once)];
  const broken = all.find(({ fault }) => fault !== undefined);
  if (broken !== undefined) return resultOf('error', base, broken, extra, broken.fault);
  const unanswered = all.find(({ lacking }) => lacking !== undefined);
  if (unanswered !== undefined)
    return resultOf('failed', base, unanswered, extra, unanswered.lacking);
  const isHeld = rate >= (expect.atLeast ?? 1);
  const shown = plain.find(({ mismatches }) => (mismatches.length === 0) === isHeld) as Once;
  const mismatches = [
    ...(isHeld ? [] : [...rateProblem(extra.repeated, expect.atLeast), ...shown.mismatches]),
    ...changed.map(({ id, decision }) => ({
      ...{ field: `decision with ${id}`, expected: expect.decision, actual: decision },
    })),
  ];
  const outcome = mismatches.length === 0 ? 'passed' : 'failed';
  return { ...resultOf(outcome, base, shown, extra), mismatches };
}

/**
 * Each run begins with the states with which the case begins; what the others leave is dropped, so
 * they come first.
 */
async function allRuns(
  one: TestCase,
  options: RunCaseOptions,
  reached: Set<Hook>,
  where: InSession,
): Promise<Runs> {
  const { repeat = 1, injections = [], signal } = options;
  const run = (request: TestCase['request'], place: InSession) => {
    signal.throwIfAborted();
    return runOnce({ ...one, request }, options, reached, place);
  };
  const apart = () =>
    where.states ? { ...where, states: new LayeredStates(where.states) } : where;
  const others: Once[] = [];
  for (let more = 1; more < repeat; more++) others.push(await run(one.request, apart()));
  const injected: Runs['injected'][number][] = [];
  for (const { id, text } of one.expect.decision === 'block' ? injections : [])
    injected.push({ id, once: await run(requestWith(one.request, text), apart()) });
  return { plain: [await run(one.request, where), ...others], injected };
}

function resultOf(
  outcome: CaseResult['outcome'],
  base: Pick<CaseResult, 'file' | 'line' | 'name'>,
  { durationMs, decision }: Once,
  extra: Pick<CaseResult, 'repeated' | 'injected'>,
  message?: string,
): CaseResult {
  const said = message === undefined ? {} : { message };
  return { ...base, outcome, mismatches: [], ...said, durationMs, ...extra, decision };
}

function rateProblem(repeated: Repeated | undefined, atLeast = 1): Mismatch[] {
  if (repeated === undefined) return [];
  const { held, runs, rate } = repeated;
  const actual = `${Math.round(rate * 1000) / 1000} (${held} of ${runs} runs)`;
  return [{ field: 'rate', expected: `at least ${atLeast}`, actual }];
}

function requestWith(request: TestCase['request'], text: string): TestCase['request'] {
  const { context, transcript } = request;
  return {
    ...request,
    context: withInjection(context, text),
    transcript:
      transcript === undefined
        ? undefined
        : Buffer.concat([transcript, Buffer.from(`\n${text}\n`)]),
  };
}

async function runOnce(
  one: TestCase,
  { runner, tenant, isolation, signal, answers = noAnswers() }: RunCaseOptions,
  reached: Set<Hook>,
  { session, states }: InSession,
): Promise<Once> {
  const replies = new Replies(one, answers.mode, answers.recordings);
  const run: Runner = (job, abort, call) => {
    reached.add(job.hook);
    return runner(job, AbortSignal.any([abort, signal]), call);
  };
  const ask = caseTargets(one.targets, replies, answers);
  const http: HttpRunner = (job, abort, call) => {
    reached.add(job.hook);
    return ask(job, AbortSignal.any([abort, signal]), call);
  };
  const judged = caseJudges(one.judges, replies, answers);
  const judge: JudgeRunner = (job, abort, call) => {
    reached.add(job.hook);
    return judged(job, AbortSignal.any([abort, signal]), call);
  };
  const request = { ...one.request, tenant, isolation, session };
  const decision = await evaluate(request, run, { http, judge, states });
  return onceOf(one, decision, replies);
}

function noAnswers(): AnswerSource {
  return { mode: 'replay', recordings: new Recordings() };
}

function onceOf({ expect }: TestCase, decision: Decision, { lacking, live }: Replies): Once {
  const heard = decision.results.filter((result) => result.heard !== false);
  const waitedMs = heard.reduce((sum, { durations }) => sum + durations.leaseMs, 0);
  const durationMs = decision.durationMs - waitedMs;
  const base = { decision, durationMs };
  if (lacking.size > 0) return { ...base, mismatches: [], lacking: [...lacking].join(' ') };
  const fault = heard.find((result) => isOurFault(result, live.has(result.hook), expect.cause));
  if (fault?.cause.kind === 'fail-mode') {
    const text = `${fault.hook} could not be run: ${fault.cause.message} (${fault.cause.code})`;
    return { ...base, mismatches: [], fault: text };
  }
  return { ...base, mismatches: judge(expect, decision, durationMs) };
}

/** Of a judge or service that gave nothing to judge by: the failMode has decided in its place. */
const unanswered: readonly string[] = [
  ...['HOOK_TIMED_OUT', 'HTTP_STATUS', 'HTTP_BODY', 'JUDGE_ANSWER_MALFORMED'],
];

/**
 * Whether a failMode stands for a failure of hookpool, or of a judge or service that was really
 * asked: a guard that did not run must not pass as one that blocked.
 */
function isOurFault({ cause }: HookResult, isLive: boolean, expected: string | undefined): boolean {
  if (cause.kind !== 'fail-mode') return false;
  if (isLive && unanswered.includes(cause.code)) return cause.code !== expected;
  const isUnsupported = (unsupportedCodes as readonly string[]).includes(cause.code);
  // Cases that ask for it: their judges and services are planned.
  const planned: readonly string[] = ['TARGET_UNREACHABLE', ...plannedJudgeCauses];
  if (planned.includes(cause.code) && (!isLive || cause.code === expected)) return false;
  return !isUnsupported && (failureCodes as readonly string[]).includes(cause.code);
}
