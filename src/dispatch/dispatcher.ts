/**
 * Evaluates one event: selects its hooks, runs them in order and combines their results. The caller
 * supplies the runner: in one process it is execute() itself, across machines it is the queue, and
 * nothing else differs.
 */

import { orFallbackWithin } from '../deadline.ts';
import { InvalidInputError } from '../errors.ts';
import { Content } from '../protocol/content.ts';
import { type Context, type ContextInput, parseContext } from '../protocol/context.ts';
import type { Decision, Diagnostic, HookResult } from '../protocol/decision.ts';
import type { Dialect, Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job, Priority } from '../protocol/job.ts';
import {
  defaultTenant,
  evaluationIdPattern,
  plainNamePattern,
  timeLimits,
} from '../protocol/limits.ts';
import type { Isolation } from '../protocol/run.ts';
import { combine } from '../protocol/verdict/combine.ts';
import { type Handed, pipeContext } from '../protocol/verdict/combine-rewrites.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { BackgroundHooks } from './background.ts';
import { type EventJob, runChain } from './chain.ts';
import { Conversation, needsCounters } from './conversation.ts';
import type { Counters } from './counters.ts';
import { type CallBasis, Deadline } from './deadline.ts';
import type { DecisionRecord, EvaluationKey } from './record.ts';
import { type JobRunner, type Runner, runnerByKind } from './runner.ts';
import { conditionTest, selectHooks } from './select.ts';

export type { Runner } from './runner.ts';

export interface EvaluateRequest {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  /** The agent's JSON as bytes, passed to the scripts unchanged. */
  readonly context: Uint8Array;
  readonly event?: string | undefined;
  /** Text that the scripts may read; `execution_summary` in the context will point to it. */
  readonly transcript?: Uint8Array | undefined;
  readonly tenant?: string | undefined;
  readonly isolation?: Isolation | undefined;
  /** Names of on-demand hooks that are switched on. */
  readonly active?: readonly string[] | undefined;
  /** Id of the conversation. Default: the session of the context. */
  readonly session?: string | undefined;
  /** Milliseconds from the call to the answer. Default: the sum of the hooks' timeouts + 2 s. */
  readonly deadlineMs?: number | undefined;
  /**
   * The caller's id of this evaluation: with a decision record, calls with the same id and content
   * get the same decision.
   */
  readonly evaluationId?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Hooks of these tiers are urgent, whatever `priority` says. */
  readonly urgentTiers?: readonly Tier[] | undefined;
  /** Called before each async hook starts; onAsyncEnd is called for the same hooks. */
  readonly onAsyncStart?: (() => void) | undefined;
  /** Called with the result of each async hook, also of one that could not be started. */
  readonly onAsyncEnd?: ((result: HookResult) => void) | undefined;
}

/** Optional services of an evaluation. */
export interface EvaluateServices {
  readonly record?: DecisionRecord | undefined;
  readonly counters?: Counters | undefined;
  /**
   * Runs async hooks after the answer. Without one, evaluate() waits for them before it answers.
   */
  readonly background?: BackgroundHooks | undefined;
  /** Parses contexts, possibly on a worker thread. Default: parseContext on this thread. */
  readonly readContext?: ContextReader | undefined;
  /**
   * Makes the context for the next hook of a pipe, possibly on a worker thread. Default:
   * pipeContext on this thread.
   */
  readonly pipeContext?: ContextPiper | undefined;
}

/** @param withinMs milliseconds after which the result is no longer needed. */
type ContextReader = (dialect: Dialect, input: ContextInput, withinMs: number) => Promise<Context>;

/** @param withinMs as for ContextReader. */
type ContextPiper = (
  dialect: Dialect,
  context: Uint8Array,
  result: Handed,
  withinMs: number,
) => Promise<Uint8Array>;

/**
 * Part of the caller's time that is reserved for the answer itself: combining, recording and
 * sending it, and a timer that fires late. From the timer to the caller it took 1 to 19 ms on two
 * idle cores, and 20 to 120 ms under a load of 12.
 */
const maxReserveMs = 50;
/**
 * Upper limit in milliseconds for a request to the decision record or a round of requests to the
 * counters, each of which may take a tenth of the budget.
 */
const maxAskMs = 100;

/**
 * Evaluates one event. Hooks run one after another or all at once, as the dialect says; a block
 * ends a chain where the event says so. Whatever fails, it answers by the deadline, and a hook that
 * gave no decision counts as its failMode. With a decision record, the first decision about an
 * evaluationId holds for all later calls.
 * @throws InvalidInputError for a context, event, tenant or id that cannot be used; no hook has run
 * then.
 */
export async function evaluate(
  request: EvaluateRequest,
  run: Runner,
  services: EvaluateServices = {},
): Promise<Decision> {
  const started = performance.now();
  const { record, readContext } = services;
  const { dialect } = request;
  const input = { bytes: request.context, event: request.event, transcript: request.transcript };
  const withinMs = budgetOf(request.deadlineMs) ?? timeLimits.deadlineMs;
  const context =
    readContext === undefined
      ? parseContext(dialect, input)
      : await readContext(dialect, input, withinMs);
  const evaluation = prepare(request, context, started);
  const runAny = runnerByKind({ command: run });
  const { key, budgetMs } = evaluation;
  if (key === undefined || record === undefined)
    return decideAll(evaluation, runAny, services, budgetMs);
  const recordMs = Math.min(maxAskMs, budgetMs / 10);
  const known = await orFallbackWithin(record.find(key), undefined, recordMs);
  if (known !== undefined) return known;
  const decision = await decideAll(evaluation, runAny, services, budgetMs - recordMs);
  return orFallbackWithin(
    record.claim(key, decision),
    decision,
    started + budgetMs - performance.now(),
  );
}

/** A validated request. */
interface Evaluation {
  readonly request: EvaluateRequest;
  readonly context: Context;
  readonly job: EventJob;
  readonly hooks: readonly Hook[];
  /** Diagnostics of the selection of the hooks. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unmet: ReadonlySet<Hook>;
  readonly started: number;
  readonly budgetMs: number;
  /** Set where the caller gave an evaluationId. */
  readonly key: EvaluationKey | undefined;
  readonly call: CallBasis;
}

function prepare(request: EvaluateRequest, context: Context, started: number): Evaluation {
  const { dialect } = request;
  const tenant = checkTenant(request.tenant ?? defaultTenant);
  const named = checkEvaluationId(request.evaluationId);
  const { hooks, unmet, diagnostics } = selectHooks(
    dialect,
    request.hooks,
    context,
    new Set(request.active),
  );
  const { event, content, transcript } = context;
  const carried = { context: content.bytes, content };
  const longestMs = hooks.reduce<number>((sum, hook) => sum + hook.timeoutMs, timeLimits.slackMs);
  return {
    request,
    context,
    hooks,
    unmet,
    diagnostics: [...context.diagnostics, ...diagnostics],
    started,
    job: { dialect, tenant, isolation: request.isolation ?? 'tenant', ...carried, transcript },
    budgetMs: budgetOf(request.deadlineMs) ?? Math.min(longestMs, timeLimits.deadlineMs),
    key: named === undefined ? undefined : { tenant, evaluationId: named, event, ...carried },
    call: {
      evaluationId: named ?? crypto.randomUUID(),
      priorityOf: ({ tier }) =>
        request.urgentTiers?.includes(tier) ? 'urgent' : (request.priority ?? 'normal'),
    },
  };
}

async function decideAll(
  evaluation: Evaluation,
  run: JobRunner,
  services: EvaluateServices,
  budgetMs: number,
): Promise<Decision> {
  const { request, context, job, hooks, unmet, diagnostics, started, call } = evaluation;
  const { dialect, tenant } = job;
  const { event, rejections } = context;
  const place = { dialect, event, tenant, session: request.session ?? context.session, rejections };
  const asks =
    services.counters !== undefined && place.session !== undefined && needsCounters(place, hooks);
  const askMs = asks ? Math.min(maxAskMs, budgetMs / 10) : 0;
  const conversation = new Conversation(place, asks ? services.counters : undefined, askMs);
  // After the last hook there are up to three rounds of requests to the counters.
  const endsAt = started + budgetMs - 3 * askMs;
  const deadline = new Deadline(endsAt, call);
  const background = services.background ?? new BackgroundHooks();
  const startAsync = (one: Job) => startInBackground(evaluation, background, one, run);
  const due = asks ? await conversation.due(hooks) : hooks;
  const piper = services.pipeContext ?? pipeContext;
  const pipe = async (before: Content, result: HookResult) =>
    Content.of(await piper(dialect, before.bytes, result, endsAt - performance.now()), before);
  const chain = {
    run: (one: Job) => deadline.guard(one, run),
    startAsync,
    pipe,
    holds: conditionTest(dialect),
  };
  const end = await runChain({ hooks: due, unmet }, job, chain).finally(() => deadline.end());
  if (asks) await conversation.ran(end.outcomes);
  const results = await conversation.heard(due, end.outcomes);
  if (services.background === undefined)
    await background.close(Math.max(0, started + budgetMs - performance.now()));
  const spent = hooks
    .filter((hook) => !due.includes(hook) && !unmet.has(hook))
    .map((hook) => hook.name);
  const skipped = [...spent, ...end.skipped];
  const toolInput = context.tool?.toolInput;
  const decision = combine(dialect, {
    ...end,
    event,
    results,
    skipped,
    toolInput,
    durationMs: performance.now() - started,
  });
  return { ...decision, diagnostics: [...diagnostics, ...decision.diagnostics] };
}

/**
 * The deadline of an async hook is its own timeout plus slack; that of the event does not apply.
 */
function startInBackground(
  { request, call }: Evaluation,
  background: BackgroundHooks,
  job: Job,
  run: JobRunner,
): void {
  const work = async (signal: AbortSignal) => {
    const deadline = new Deadline(
      performance.now() + job.hook.timeoutMs + timeLimits.slackMs,
      call,
      signal,
    );
    const result = await deadline.guard(job, run).finally(() => deadline.end());
    request.onAsyncEnd?.(result);
  };
  request.onAsyncStart?.();
  const failure = background.start(job.tenant, work);
  if (failure !== undefined) request.onAsyncEnd?.(decide(job.dialect, job.hook, failure));
}

function checkTenant(tenant: string): string {
  if (plainNamePattern.test(tenant)) return tenant;
  throw new InvalidInputError(
    'INVALID_USAGE',
    `tenant ${JSON.stringify(tenant)} must be 1 to 128 letters, digits, ".", "_" or "-".`,
  );
}

function checkEvaluationId(id: string | undefined): string | undefined {
  if (id === undefined || evaluationIdPattern.test(id)) return id;
  throw new InvalidInputError(
    'INVALID_USAGE',
    'evaluationId must be 1 to 200 printable ASCII characters without spaces.',
  );
}

/** Milliseconds of the caller's deadline that the evaluation may use. */
function budgetOf(deadlineMs: number | undefined): number | undefined {
  if (deadlineMs === undefined) return undefined;
  if (deadlineMs > 0 && deadlineMs <= timeLimits.deadlineMs)
    return deadlineMs - Math.min(maxReserveMs, deadlineMs / 10);
  throw new InvalidInputError(
    'INVALID_USAGE',
    `deadlineMs is ${deadlineMs}; it must be above 0 and at most ${timeLimits.deadlineMs}.`,
  );
}
