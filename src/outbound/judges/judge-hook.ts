/** Runs one prompt or agent hook: its question, its judge, and what the answer means. */
import { abortedError } from '../../errors.ts';
import type { Diagnostic, Failure, HookError } from '../../protocol/decision.ts';
import {
  failureOf,
  type HookResult,
  type JudgeReading,
  type Reply,
} from '../../protocol/decision.ts';
import type { Job, RunCall } from '../../protocol/job.ts';
import type { JudgeAction } from '../../protocol/judge-action.ts';
import { type Question, renderPrompt } from '../../protocol/prompt-template.ts';
import type { JudgeFacts } from '../../protocol/request-facts.ts';
import type { ScriptRunner } from '../../protocol/run.ts';
import { decide } from '../../protocol/verdict/decide.ts';
import { AtOnce, type Most } from '../at-once.ts';
import { fairLookups } from '../lookups.ts';
import { machineNetwork } from '../network.ts';
import { shareOf } from '../shadow-share.ts';
import { type CanaryAsking, requireTrust } from './ask-canary.ts';
import { AskError } from './ask-error.ts';
import type { VerdictCache } from './cache.ts';
import type { Judge, Judges } from './judges.ts';
import { contextOf, KeptAnswers } from './kept-answers.ts';
import { type JudgeProject, type MissingProject, usableProject } from './project.ts';
import { checkSize } from './question-size.ts';
import { Tally } from './tally.ts';
import { Tools } from './tools.ts';
import { type Conversation, promptHash } from './turns.ts';

export interface JudgeHooksOptions
  extends Pick<
    CanaryAsking,
    | 'version'
    | 'network'
    | 'firstWaitMs'
    | 'planned'
    | 'onRest'
    | 'onSpent'
    | 'onCanary'
    | 'spending'
    | 'places'
  > {
  readonly judges: Pick<Judges, 'find'>;
  readonly cache: VerdictCache;
  /** Runs the tools of judges; undefined: judges have none. */
  readonly runScript?: ScriptRunner | undefined;
  /** The project in which an event happens, or why there is none; undefined: judges read none. */
  readonly projectOf?:
    | ((cwd: string | undefined) => Promise<JudgeProject | MissingProject | undefined>)
    | undefined;
  /** The most hooks at once: no more than the process takes. Default: 256, and 64 of a tenant. */
  readonly most?: Most | undefined;
  /** Told of every hook whose judge was asked. */
  readonly onAsked?: ((facts: JudgeFacts, result: HookResult) => void) | undefined;
}

type JudgeJob = Job<JudgeAction>;

/** One run of a hook. */
interface One {
  readonly job: JudgeJob;
  readonly judge: Judge;
  readonly tally: Tally;
  readonly question: Question;
  /** Of its result. */
  readonly notes: Diagnostic[];
}

type Outcome = Reply | HookError | Failure;

/** Milliseconds of the caller's budget that are left for the way back. */
const wayBackMs = 50;

const timedOut = Symbol('timed out');

/** The prompt and agent hooks of one process. */
export class JudgeHooks {
  readonly #options: JudgeHooksOptions;
  readonly #atOnce: AtOnce;
  readonly #kept: KeptAnswers;

  constructor(options: JudgeHooksOptions) {
    this.#options = { ...options, network: fairLookups(options.network ?? machineNetwork) };
    this.#atOnce = new AtOnce('questions', options.most);
    this.#kept = new KeptAnswers(options.cache);
  }

  /** Never rejects for what a judge does: the hook's failMode decides then. */
  async run(job: JudgeJob, signal: AbortSignal, call?: RunCall): Promise<HookResult> {
    const { dialect, hook, tenant } = job;
    const { action } = hook;
    let judge: Judge;
    try {
      judge = this.#options.judges.find(action.model ?? dialect.judges.model, tenant);
    } catch (error) {
      return decide(dialect, hook, failureOf(error));
    }
    const tooMany = this.#atOnce.begin(tenant, shareOf(hook));
    if (tooMany !== undefined) return decide(dialect, hook, tooMany);
    try {
      return await this.#asked(job, judge, signal, call);
    } finally {
      this.#atOnce.end(tenant);
    }
  }

  async #asked(
    job: JudgeJob,
    judge: Judge,
    signal: AbortSignal,
    call: RunCall | undefined,
  ): Promise<HookResult> {
    const started = performance.now();
    const { dialect, hook } = job;
    const question = questionOf(job);
    const tally = new Tally(judge, promptHash(hook.action.prompt));
    const notes: Diagnostic[] = question.missing.map((path) => ({
      code: 'prompt-path',
      message: `The context has no ${path}: the judge is shown null.`,
    }));
    const outcome = await this.#outcome({ job, judge, tally, question, notes }, signal, call);
    const totalMs = performance.now() - started;
    const result = decide(dialect, hook, outcome, {
      ...{ queueMs: 0, leaseMs: 0, runMs: totalMs, totalMs },
    });
    const asked = tally.facts();
    const whole = { ...result, diagnostics: [...result.diagnostics, ...notes], asked };
    this.#options.onAsked?.(asked, whole);
    return whole;
  }

  async #outcome(one: One, signal: AbortSignal, call: RunCall | undefined): Promise<Outcome> {
    const { job, judge } = one;
    const { hook } = job;
    const budgetMs = Math.min(hook.timeoutMs, (call?.budgetMs ?? Infinity) - wayBackMs);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(timedOut), Math.max(1, budgetMs));
    const either = AbortSignal.any([signal, deadline.signal]);
    const asking: CanaryAsking = {
      ...this.#options,
      ...{ judge, tenant: job.tenant, share: shareOf(hook), tally: one.tally },
      ...{ endsAt: performance.now() + budgetMs, signal: either },
    };
    try {
      checkSize(judge, one.question.policy, one.question.data);
      const conversation = await this.#conversation(one);
      await requireTrust(asking);
      const text = await this.#kept.answer(asking, conversation, job, one.question);
      const reply = Buffer.from(text);
      return { reply, totalBytes: reply.length, judge: conversation.reading };
    } catch (error) {
      const isLate = deadline.signal.aborted && !signal.aborted;
      if (isLate) return timeout(judge, budgetMs);
      if (error instanceof AskError) return error.problem;
      return failureOf(signal.aborted ? abortedError(signal) : error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws AskError where the hook must not be judged without its project. */
  async #conversation({ job, judge, question, notes }: One): Promise<Conversation> {
    const { action } = job.hook;
    const { runScript, projectOf } = this.#options;
    const { kind, tools, maxTurns } = action;
    // A prompt hook reads the transcript only: its context is in the question.
    const hasFiles = kind === 'agent' || job.transcript !== undefined;
    const has = runScript !== undefined && tools.length > 0 && hasFiles;
    const found = has ? await projectOf?.(job.cwd) : undefined;
    const project = usableProject(found, job.hook, notes);
    const onNoProject = (missing: string) =>
      void usableProject({ missing, isNamed: true }, job.hook, notes);
    const { policy, data } = question;
    return {
      ...{ policy, data, maxTurns },
      tools: has
        ? new Tools(tools, { ...job, cwd: project?.cwd, onNoProject, runScript })
        : undefined,
      reading: readingOf(action, judge),
    };
  }
}

function readingOf(
  { kind, mayOverride, continueOnBlock }: JudgeAction,
  { entry: { answers } }: Judge,
): JudgeReading {
  return {
    mayOverride: mayOverride === true,
    mayStop: kind === 'prompt' && continueOnBlock !== true,
    isFenced: answers === 'text' || answers === 'json-object',
  };
}

function questionOf(job: JudgeJob): Question {
  const { dialect, hook } = job;
  return renderPrompt(dialect.judges.placeholders, hook.action, contextOf(job));
}

function timeout({ name }: Judge, budgetMs: number): HookError {
  const seconds = Math.round(budgetMs) / 1000;
  return { code: 'HOOK_TIMED_OUT', message: `The judge ${name} gave no verdict in ${seconds} s.` };
}
