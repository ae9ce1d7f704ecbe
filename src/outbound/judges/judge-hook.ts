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
import { shareOf } from '../shadow-share.ts';
import { untilStopped } from '../stop.ts';
import { AskError, type Asking } from './ask-judge.ts';
import { cacheKey, type VerdictCache } from './cache.ts';
import type { Judge, Judges } from './judges.ts';
import { type MissingProject, usableProject } from './project.ts';
import { checkSize, isLarger } from './question-size.ts';
import { Tally } from './tally.ts';
import { type JudgeProject, Tools } from './tools.ts';
import { type Conversation, converse, promptHash } from './turns.ts';

export interface JudgeHooksOptions
  extends Pick<Asking, 'version' | 'network' | 'firstWaitMs' | 'planned' | 'onRest' | 'spending'> {
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
  /** Questions of the cache that are being asked, by their keys. */
  readonly #pending = new Map<string, Promise<string>>();

  constructor(options: JudgeHooksOptions) {
    this.#options = options;
    this.#atOnce = new AtOnce('questions', options.most);
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
    const asking: Asking = {
      ...this.#options,
      ...{ judge, tenant: job.tenant, share: shareOf(hook), tally: one.tally },
      ...{ endsAt: performance.now() + budgetMs, signal: either },
    };
    try {
      checkSize(judge, one.question.policy, one.question.data);
      const conversation = await this.#conversation(one);
      const text = await this.#answer(asking, conversation, job, one.question);
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
    const { policy, data } = question;
    return {
      ...{ policy, data, maxTurns },
      tools: has ? new Tools(tools, { ...job, project, runScript }) : undefined,
      reading: readingOf(action, judge),
    };
  }

  /** The text of the answer, which may be one that was given before. */
  async #answer(
    asking: Asking,
    conversation: Conversation,
    job: JudgeJob,
    { policy, data }: Question,
  ): Promise<string> {
    const { action, event } = job.hook;
    const { cache } = action;
    if (cache === undefined) return converse(asking, conversation);
    const { judge, tenant, tally } = asking;
    const picked =
      cache.of === undefined
        ? undefined
        : renderPrompt('none', { prompt: '', select: cache.of }, contextOf(job));
    // Events that lack a member differ in the others: they are not one question.
    if (picked !== undefined && picked.missing.length > 0) return converse(asking, conversation);
    const chosen = picked?.data ?? data;
    // Members beside the question may be large, and the key reads them as JSON.
    if (isLarger(judge.entry.inputBytes, '', chosen)) return converse(asking, conversation);
    const key = cacheKey({
      ...{ tenant, judge, event, policy, data: chosen },
      ...{ dialect: job.dialect.name, prompt: action.prompt },
    });
    const other = this.#pending.get(key);
    const known =
      other &&
      (await untilStopped(
        asking.signal,
        other.catch(() => undefined),
      ));
    if (known !== undefined) {
      tally.cached('hit');
      return known;
    }
    const answer = this.#keptOrAsked(asking, conversation, key, cache.seconds);
    // A question of a shadow hook waits longer, and nobody who is heard waits with it.
    if (asking.share === 1) this.#pending.set(key, answer);
    try {
      return await answer;
    } finally {
      if (this.#pending.get(key) === answer) this.#pending.delete(key);
    }
  }

  async #keptOrAsked(
    asking: Asking,
    conversation: Conversation,
    key: string,
    seconds: number,
  ): Promise<string> {
    const kept = await this.#options.cache.get(key);
    asking.tally.cached(kept === undefined ? 'miss' : 'hit');
    if (kept !== undefined) return kept;
    const text = await converse(asking, conversation);
    this.#options.cache.set(key, text, seconds);
    return text;
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

/** The decoder drops a byte order mark, before which no member would be found. */
function contextOf({ context }: JudgeJob): string {
  return new TextDecoder().decode(context);
}

function timeout({ name }: Judge, budgetMs: number): HookError {
  const seconds = Math.round(budgetMs) / 1000;
  return { code: 'HOOK_TIMED_OUT', message: `The judge ${name} gave no verdict in ${seconds} s.` };
}
