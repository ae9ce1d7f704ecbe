/**
 * One event: find its hooks, run them in order, combine what they say. The runner is handed in: in
 * one process it is execute() itself, across machines it is the queue, and nothing else differs.
 */
import { InvalidInputError } from '../errors.ts';
import { Content } from '../protocol/content.ts';
import { type Context, type ContextInput, parseContext } from '../protocol/context.ts';
import type { Decision, Diagnostic, HookResult } from '../protocol/decision.ts';
import type { Dialect, Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job, Priority } from '../protocol/job.ts';
import { defaultTenant, evaluationIdPattern, plainNamePattern, timeLimits } from '../protocol/limits.ts';
import type { Isolation } from '../protocol/run.ts';
import { combine } from '../protocol/verdict/combine.ts';
import { type Handed, pipeContext } from '../protocol/verdict/combine-rewrites.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { BackgroundHooks } from './background.ts';
import { type EventJob, runChain } from './chain.ts';
import { asksConversation, Conversation } from './conversation.ts';
import type { Counters } from './counters.ts';
import { type CallBasis, Deadline } from './deadline.ts';
import type { DecisionRecord, EvaluationKey } from './record.ts';
import { type JobRunner, type Runner, runnerByKind } from './runner.ts';
import { selectHooks } from './select.ts';
import { answerWithin } from './within.ts';

export type { Runner } from './runner.ts';

export interface EvaluateRequest {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  /** The agent's JSON, as bytes; handed to the scripts untouched. */
  readonly context: Uint8Array;
  readonly event?: string | undefined;
  /** Text that the scripts may read; `execution_summary` in the context will point to it. */
  readonly transcript?: Uint8Array | undefined;
  readonly tenant?: string | undefined;
  readonly isolation?: Isolation | undefined;
  /** Names of on-demand hooks that are switched on. */
  readonly active?: readonly string[] | undefined;
  /** Names the conversation. Default: the session of the context. */
  readonly session?: string | undefined;
  /** Milliseconds from the call within which it answers. Default: what the hooks may take + 2 s. */
  readonly deadlineMs?: number | undefined;
  /** The caller's name for this evaluation: with a record, calls with the same name and content agree. */
  readonly evaluationId?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Hooks of these tiers are urgent, whoever asks. */
  readonly urgentTiers?: readonly Tier[] | undefined;
  /** Hears of each async hook before it begins; onAsyncEnd hears of the same ones. */
  readonly onAsyncStart?: (() => void) | undefined;
  /** Hears how each async hook ended, also one that found no place to run. */
  readonly onAsyncEnd?: ((result: HookResult) => void) | undefined;
}

/** What helps an evaluation beyond its own call. */
export interface EvaluateServices {
  readonly record?: DecisionRecord | undefined;
  readonly counters?: Counters | undefined;
  /** Where async hooks run on. Without one, evaluate() waits for them before it answers. */
  readonly background?: BackgroundHooks | undefined;
  /** Reads contexts, perhaps on another thread. Default: parseContext on this one. */
  readonly readContext?: ContextReader | undefined;
  /** Makes the context for the next hook of a pipe, perhaps on another thread. Default: pipeContext on this one. */
  readonly pipeContext?: ContextPiper | undefined;
}

/** @param withinMs milliseconds after which nobody waits for it. */
type ContextReader = (dialect: Dialect, input: ContextInput, withinMs: number) => Promise<Context>;

/** @param withinMs as above. */
type ContextPiper = (dialect: Dialect, context: Uint8Array, result: Handed, withinMs: number) => Promise<Uint8Array>;

/**
 * Of the caller's time, what is kept for the answer itself: combining, recording and sending it, and a timer that
 * fires late. From the timer to the caller it took 1 to 19 ms on two idle cores, and 20 to 120 ms under a load of 12.
 */
const maxReserveMs = 50;
/** Of the budget, what the record, or the counters at one time, may take: a tenth, and never more than this. */
const maxAskMs = 100;

/**
 * Evaluates one event. Hooks run one after another or all at once, as the dialect says; a block ends a
 * chain where the event says so.
 * Whatever breaks, it answers by the deadline, and a hook that gave no decision counts as its
 * failMode. With a record, the first decision about an evaluationId stands for all later calls.
 * @throws InvalidInputError for a context, event, tenant or id that cannot be used; nothing has run then.
 */
export async function evaluate(request: EvaluateRequest, run: Runner, services: EvaluateServices = {}): Promise<Decision> {
  const started = performance.now();
  const { record, readContext } = services;
  const { dialect } = request;
  const input = { bytes: request.context, event: request.event, transcript: request.transcript };
  const withinMs = budgetOf(request.deadlineMs) ?? timeLimits.deadlineMs;
  const context = readContext === undefined ? parseContext(dialect, input) : await readContext(dialect, input, withinMs);
  const evaluation = prepare(request, context, started);
  const runAny = runnerByKind({ command: run });
  const { key, budgetMs } = evaluation;
  if (key === undefined || record === undefined) return decideAll(evaluation, runAny, services, budgetMs);
  const recordMs = Math.min(maxAskMs, budgetMs / 10);
  const known = await answerWithin(record.find(key), undefined, recordMs);
  if (known !== undefined) return known;
  const decision = await decideAll(evaluation, runAny, services, budgetMs - recordMs);
  return answerWithin(record.claim(key, decision), decision, started + budgetMs - performance.now());
}

/** A request that was found good. */
interface Evaluation {
  readonly request: EvaluateRequest;
  readonly context: Context;
  readonly job: EventJob;
  readonly hooks: readonly Hook[];
  /** Of the choice of the hooks. */
  readonly diagnostics: readonly Diagnostic[];
  readonly started: number;
  readonly budgetMs: number;
  /** Where the caller has named it. */
  readonly key: EvaluationKey | undefined;
  readonly call: CallBasis;
}

function prepare(request: EvaluateRequest, context: Context, started: number): Evaluation {
  const { dialect } = request;
  const tenant = checkTenant(request.tenant ?? defaultTenant);
  const named = checkEvaluationId(request.evaluationId);
  const { hooks, diagnostics } = selectHooks(dialect, request.hooks, context, new Set(request.active));
  const { event, content, transcript } = context;
  const carried = { context: content.bytes, content };
  const longestMs = hooks.reduce<number>((sum, hook) => sum + hook.timeoutMs, timeLimits.slackMs);
  return {
    request,
    context,
    hooks,
    diagnostics,
    started,
    job: { dialect, tenant, isolation: request.isolation ?? 'tenant', ...carried, transcript },
    budgetMs: budgetOf(request.deadlineMs) ?? Math.min(longestMs, timeLimits.deadlineMs),
    key: named === undefined ? undefined : { tenant, evaluationId: named, event, ...carried },
    call: {
      evaluationId: named ?? crypto.randomUUID(),
      priorityOf: ({ tier }) => (request.urgentTiers?.includes(tier) ? 'urgent' : (request.priority ?? 'normal')),
    },
  };
}

async function decideAll(
  evaluation: Evaluation,
  run: JobRunner,
  services: EvaluateServices,
  budgetMs: number,
): Promise<Decision> {
  const { request, context, job, hooks, diagnostics, started, call } = evaluation;
  const { dialect, tenant } = job;
  const { event, rejections } = context;
  const place = { dialect, event, tenant, session: request.session ?? context.session, rejections };
  const asks = services.counters !== undefined && place.session !== undefined && asksConversation(place, hooks);
  const askMs = asks ? Math.min(maxAskMs, budgetMs / 10) : 0;
  const conversation = new Conversation(place, asks ? services.counters : undefined, askMs);
  // The counters are asked up to three times after the last hook.
  const endsAt = started + budgetMs - 3 * askMs;
  const deadline = new Deadline(endsAt, call);
  const background = services.background ?? new BackgroundHooks();
  const startAsync = (one: Job) => startInBackground(evaluation, background, one, run);
  const due = asks ? await conversation.due(hooks) : hooks;
  const piper = services.pipeContext ?? pipeContext;
  const pipe = async (before: Content, result: HookResult) =>
    Content.of(await piper(dialect, before.bytes, result, endsAt - performance.now()), before);
  const chain = { run: (one: Job) => deadline.guard(one, run), startAsync, pipe };
  const end = await runChain(due, job, chain).finally(() => deadline.end());
  if (asks) await conversation.ran(due, end.results);
  const results = await conversation.heard(due, end.results);
  if (services.background === undefined) await background.close(Math.max(0, started + budgetMs - performance.now()));
  const spent = hooks.filter((hook) => !due.includes(hook)).map((hook) => hook.name);
  const skipped = [...spent, ...end.skipped];
  const toolInput = context.tool?.toolInput;
  const decision = combine(dialect, { ...end, event, results, skipped, toolInput, durationMs: performance.now() - started });
  return { ...decision, diagnostics: [...diagnostics, ...decision.diagnostics] };
}

/** The hook has its own timeout for a deadline: the event is answered by then. */
function startInBackground({ request, call }: Evaluation, background: BackgroundHooks, job: Job, run: JobRunner): void {
  const work = async (signal: AbortSignal) => {
    const deadline = new Deadline(performance.now() + job.hook.timeoutMs + timeLimits.slackMs, call, signal);
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
  throw new InvalidInputError('INVALID_USAGE', 'evaluationId must be 1 to 200 printable ASCII characters without spaces.');
}

/** Milliseconds of the caller's deadline that may be used up. */
function budgetOf(deadlineMs: number | undefined): number | undefined {
  if (deadlineMs === undefined) return undefined;
  if (deadlineMs > 0 && deadlineMs <= timeLimits.deadlineMs) return deadlineMs - Math.min(maxReserveMs, deadlineMs / 10);
  throw new InvalidInputError(
    'INVALID_USAGE',
    `deadlineMs is ${deadlineMs}; it must be above 0 and at most ${timeLimits.deadlineMs}.`,
  );
}
