/**
 * POST /v1/evaluate: the status is 200 whenever there is a decision, also one by failMode. POST
 * /v1/explain takes the same body and runs nothing.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findDialect } from '../../agents/registry.ts';
import { answersOfAll } from '../../answering/answer-decision.ts';
import { Content } from '../../protocol/content.ts';
import type { Decision } from '../../protocol/decision.ts';
import { evaluateAnswer } from '../answer-schemas.ts';
import { priorityOf } from '../auth.ts';
import { asRawBody, jsonTypes } from '../body.ts';
import type { ServerDeps } from '../deps.ts';
import type { EvaluationInput } from '../evaluation-input.ts';
import { storeTimeoutMs } from '../evaluation-times.ts';
import type { Evaluator } from '../evaluator.ts';
import { explanationAnswer } from '../explain-schemas.ts';
import type { Explainer } from '../explainer.ts';
import { HttpError, inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import type { Reader } from '../reading/reader.ts';
import { accountOf, settleTenant, traceHeaders, traceOf } from '../request-input.ts';
import { evaluateBody } from '../request-schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { HookDocument } from '../stores.ts';

export interface EvaluateTools {
  readonly evaluator: Evaluator;
  readonly explainer: Explainer;
  readonly reader: Reader;
}

export const evaluateOperations = {
  evaluate: {
    method: 'post',
    path: '/v1/evaluate',
    about: 'One event through the hooks that match it: the decision.',
    role: 'evaluate',
    heavy: true,
    body: { types: jsonTypes, schema: evaluateBody },
    headers: traceHeaders,
    answers: { 200: { schema: evaluateAnswer } },
    errors: [404, 413, 415],
  },
  explain: {
    method: 'post',
    path: '/v1/explain',
    about:
      'Which hooks of a set would run for an event, and why the others would not. Runs nothing.',
    role: 'evaluate',
    heavy: true,
    body: { types: jsonTypes, schema: evaluateBody },
    answers: { 200: { schema: explanationAnswer } },
    errors: [404, 413, 415],
  },
} as const satisfies Operations;

export function evaluateRoutes(app: FastifyInstance, deps: ServerDeps, tools: EvaluateTools): void {
  const { evaluator, explainer } = tools;
  register(app, evaluateOperations, {
    evaluate: async ({ request, reply }) => {
      const { input, verbose } = await readInput(deps, tools, request);
      const { stored, repeated } = await evaluator.evaluate(input);
      if (repeated) reply.header('x-hookpool-repeated', 'true');
      const { record, decision, explanation } = stored;
      const told = answer(record.id, decision, verbose);
      if (input.explain !== true || explanation === undefined) return told;
      const answers = answersOfAll(decision, input.context.bytes);
      return { ...told, explanation: { ...explanation, answers } };
    },
    explain: async ({ request }) => {
      const { input } = await readInput(deps, tools, request);
      return explainer.explain(input);
    },
  });
}

async function readInput(
  deps: ServerDeps,
  { reader, evaluator }: Pick<EvaluateTools, 'reader' | 'evaluator'>,
  request: FastifyRequest,
): Promise<{ readonly input: EvaluationInput; readonly verbose: boolean }> {
  const startedAt = performance.now();
  const asked = await reader.evaluateRequest(asRawBody(request.body), {
    tenant: accountOf(request),
  });
  const { fields: value, context, contextSha256, document, transcript } = asked;
  const tenant = settleTenant(request, value.tenant);
  const withinMs = storeTimeoutMs(value.deadlineMs);
  const { dialect, thread, event, cwd, hookset, deadlineMs, explain } = value;
  inField('/dialect', () => dialect === undefined || findDialect(dialect));
  const asking = Promise.all([
    document === undefined
      ? storedHooks(deps, tenant, { hookset: String(hookset), dialect }, withinMs)
      : [hashed(document)],
    thread === undefined ? [] : deps.threads.active(tenant, thread, withinMs),
  ]);
  const about = {
    ...{ tenant, dialect, event, transcript, deadlineMs },
    context: new Content(context, contextSha256),
  };
  // The question is on its way to Redis by now.
  const early = evaluator.early(about, asked.early);
  const [documents, switchedOn] = await asking;
  const input = {
    ...about,
    ...{ early, documents, hookset, thread, cwd },
    id: value.evaluationId ?? randomUUID(),
    named: value.evaluationId !== undefined,
    requestId: request.id,
    trace: traceOf(request),
    caller: request.caller.name,
    unchecked: document !== undefined,
    active: [...new Set([...(value.active ?? []), ...switchedOn])],
    priority: priorityOf(request.caller, value.priority),
    ...{ explain, startedAt },
    holdBody: () => request.places?.hold(),
  };
  return { input, verbose: value.verbose === true };
}

/**
 * The body of the answer. The facts of the runs are long: only verbose answers contain them, and
 * the record has them anyway.
 */
export function answer(id: string, decision: Decision, verbose: boolean): object {
  const results = verbose
    ? decision.results
    : decision.results.map(({ facts: _, ranIn: __, asked: ___, ...result }) => result);
  return { evaluationId: id, ...decision, results };
}

/**
 * The named hook set, and for the set of an agent the tenant's global hooks, which their tiers put
 * in order. The caller's dialect applies where neither the set nor the request that stored it names
 * one.
 */
export async function storedHooks(
  { hookSets }: ServerDeps,
  tenant: string,
  { hookset, dialect }: { readonly hookset: string; readonly dialect?: string | undefined },
  withinMs: number,
): Promise<HookDocument[]> {
  const { set, globals, corruptGlobals = [] } = await hookSets.resolve(tenant, hookset, withinMs);
  if (set === undefined)
    throw new HttpError(404, 'NOT_FOUND', `There is no hook set "${hookset}".`, '/hookset');
  const isAgent = set.format === 'azure-extended-agent';
  const [corrupt] = isAgent ? corruptGlobals : [];
  if (corrupt !== undefined)
    throw new HttpError(
      500,
      'STORE_CORRUPT',
      `It is joined by ${corrupt}, which cannot be read.`,
      '/hookset',
    );
  const joined = isAgent ? globals : [];
  const named = { ...set, hint: { ...set.hint, dialect: set.hint?.dialect ?? dialect } };
  return [named, ...joined].map(({ name, scope, text, sha256, hint }) => ({
    name,
    scope,
    text,
    sha256,
    hint,
  }));
}
