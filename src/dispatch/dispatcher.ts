/**
 * Evaluates one event: selects its hooks, runs them in order and combines their results. The caller
 * supplies the runner: in one process it is execute() itself, across machines it is the queue, and
 * nothing else differs.
 */
import { orFallbackWithin } from '../deadline.ts';
import { Content } from '../protocol/content.ts';
import { parseContext } from '../protocol/context.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import { isHeard } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { combine } from '../protocol/verdict/combine.ts';
import { pipeContext } from '../protocol/verdict/combine-rewrites.ts';
import { BackgroundHooks, startInBackground } from './background.ts';
import { runChain, type Shadow } from './chain.ts';
import { Conversation, needsCounters } from './conversation.ts';
import { Deadline } from './deadline.ts';
import { budgetOf, type Evaluation, prepare } from './prepare.ts';
import type { EvaluateRequest, EvaluateServices } from './request.ts';
import { type JobRunner, type Runner, runnerByKind } from './runner.ts';
import { conditionTest } from './select.ts';
import { withStates } from './session-state.ts';
import { longestOf, startShadows } from './shadow.ts';

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
  request.onContext?.(context);
  const runAny = withStates(
    runnerByKind({ command: run, http: services.http, judge: services.judge }),
    {
      states: services.states,
      session: request.session ?? context.session,
      setOf: request.setOf,
    },
  );
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
    services.counters !== undefined &&
    place.session !== undefined &&
    needsCounters(place, hooks.filter(isHeard));
  const askMs = asks ? Math.min(maxAskMs, budgetMs / 10) : 0;
  const conversation = new Conversation(place, asks ? services.counters : undefined, askMs);
  // After the last hook there are up to three rounds of requests to the counters.
  const endsAt = started + budgetMs - 3 * askMs;
  const deadline = new Deadline(endsAt, call);
  const background = services.background ?? new BackgroundHooks();
  const startAsync = (one: Job) => {
    request.onAsyncStart?.();
    startInBackground(background, one, call, run, (result) =>
      request.onAsyncEnd?.(result, one.hook),
    );
  };
  const shadows: Shadow[] = [];
  const due = asks ? await conversation.due(hooks) : hooks;
  const piper = services.pipeContext ?? pipeContext;
  const pipe = async (before: Content, result: HookResult, withinMs?: number) => {
    const leftMs = withinMs ?? endsAt - performance.now();
    return Content.of(await piper(dialect, before.bytes, result, leftMs), before);
  };
  const chain = {
    run: (one: Job) => {
      request.onStart?.(one.hook);
      return deadline.guard(one, run);
    },
    startAsync,
    addShadow: (one: Shadow) => void shadows.push(one),
    pipe,
    holds: conditionTest(dialect),
  };
  const end = await runChain({ hooks: due, unmet }, job, chain).finally(() => deadline.end());
  if (asks) await conversation.ran(end.outcomes);
  const results = await conversation.heard(due, end.outcomes);
  const spent = hooks
    .filter((hook) => !due.includes(hook) && !unmet.has(hook))
    .map((hook) => hook.name);
  const skipped = [...spent, ...end.skipped];
  const toolInput = context.tool?.toolInput;
  const combined = combine(dialect, {
    ...end,
    event,
    results,
    skipped,
    toolInput,
    durationMs: performance.now() - started,
  });
  const decision = { ...combined, diagnostics: [...diagnostics, ...combined.diagnostics] };
  const hooksOfResults = end.outcomes.map(({ hook }) => hook);
  request.onDecided?.(decision, hooksOfResults);
  const unheard = startShadows(evaluation, background, shadows, run, decision);
  if (services.background !== undefined) return decision;
  const leftMs = Math.max(0, started + budgetMs - performance.now());
  // The default budget has no time for shadow hooks; a deadline of the caller holds for all.
  const longestMs =
    request.deadlineMs === undefined ? longestOf(shadows.map(({ job: one }) => one)) : 0;
  await background.close(Math.max(leftMs, longestMs));
  return { ...decision, results: [...decision.results, ...unheard] };
}
