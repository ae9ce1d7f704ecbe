/** The records of evaluations, and their replay. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { answersOfAll } from '../../answering/answer-decision.ts';
import { Content } from '../../protocol/content.ts';
import { auditAnswer, replayAnswer } from '../answer-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import { explanationAnswer } from '../explain-schemas.ts';
import type { Explainer } from '../explainer.ts';
import type { ServedExplanation } from '../explanation.ts';
import { HttpError } from '../http-error.ts';
import { type Call, type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { evaluationParams, tenantQuery } from '../request-schemas.ts';
import {
  evaluationsAnswer,
  keptContextAnswer,
  pageDefault,
  searchQuery,
} from '../search-schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { StoredEvaluation } from '../stores.ts';
import { answer, type EvaluateTools } from './evaluate.ts';

const ofEvaluation = { params: evaluationParams, query: tenantQuery } as const;

export const evaluationOperations = {
  list: {
    method: 'get',
    path: '/v1/evaluations',
    about: 'Summaries of evaluations, the newest first.',
    role: 'view',
    heavy: true,
    query: searchQuery,
    answers: { 200: { schema: evaluationsAnswer } },
  },
  record: {
    ...ofEvaluation,
    method: 'get',
    path: '/v1/evaluations/{id}',
    about: 'The record of an evaluation; its context and its explanation only for admins.',
    role: 'view',
    heavy: true,
    answers: { 200: { schema: auditAnswer } },
    errors: [404],
  },
  explanation: {
    ...ofEvaluation,
    method: 'get',
    path: '/v1/evaluations/{id}/explanation',
    about: 'Why each hook ran or did not, where that or the context was kept.',
    role: 'admin',
    heavy: true,
    answers: { 200: { schema: explanationAnswer } },
    errors: [404, 409],
  },
  context: {
    ...ofEvaluation,
    method: 'get',
    path: '/v1/evaluations/{id}/context',
    role: 'admin',
    about: 'What an evaluation was asked, where its context was kept.',
    heavy: true,
    answers: { 200: { schema: keptContextAnswer } },
    errors: [404, 409],
  },
  replay: {
    ...ofEvaluation,
    method: 'post',
    path: '/v1/evaluations/{id}/replay',
    role: 'admin',
    about: 'The same evaluation once more, where its context was kept.',
    heavy: true,
    answers: { 200: { schema: replayAnswer } },
    errors: [404, 409],
  },
} as const satisfies Operations;

export function evaluationRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  { evaluator, explainer }: Pick<EvaluateTools, 'evaluator' | 'explainer'>,
): void {
  const find = async ({
    request,
    params: { id },
    query,
  }: Call<typeof ofEvaluation>): Promise<StoredEvaluation> => {
    const found = await deps.evaluations.get(tenantOfQuery(request, query), id);
    if (found !== undefined) return found;
    throw new HttpError(
      404,
      'NOT_FOUND',
      `There is no record of the evaluation ${id}, or not any more.`,
    );
  };
  const findKept = async (call: Call<typeof ofEvaluation>) => requireKept(await find(call));
  const replay = async (call: Call<typeof ofEvaluation>) => {
    const { record, kept } = await findKept(call);
    const { tenant, hookset, thread } = record;
    const { stored } = await evaluator.evaluate({
      ...kept,
      documents: kept.documents.map(hashed),
      startedAt: performance.now(),
      id: randomUUID(),
      named: false,
      requestId: call.request.id,
      caller: call.request.caller.name,
      tenant,
      hookset,
      thread,
      unchecked: false,
      priority: 'normal',
      replayOf: record.id,
      context: new Content(Buffer.from(kept.context)),
    });
    const { decision } = stored;
    const same = decision.decision === record.decision && decision.reason === record.reason;
    return { same, first: record.decision, decision: answer(stored.record.id, decision, true) };
  };
  register(app, evaluationOperations, {
    list: async ({ request, query }) => {
      const { tenant, before, limit = pageDefault, ...search } = query;
      const page = { before, limit };
      return deps.evaluations.list(tenantOfQuery(request, { tenant }), search, page);
    },
    record: async (call) => {
      const { record, explanation } = await find(call);
      const { context, ...rest } = record;
      // An explanation quotes what matchers and conditions have seen of the context.
      return call.request.caller.role === 'view' ? rest : { ...rest, explanation, context };
    },
    explanation: async (call) => {
      const stored = await find(call);
      const { decision, kept } = stored;
      const explanation = stored.explanation ?? (await explainKept(explainer, stored));
      const context = Buffer.from(kept?.context ?? '{}');
      return { ...explanation, answers: answersOfAll(decision, context) };
    },
    context: async (call) => {
      const { record, kept } = await findKept(call);
      return contextAnswer(record.id, kept);
    },
    replay,
  });
}

function requireKept({ record, kept }: StoredEvaluation) {
  if (kept !== undefined) return { record, kept };
  throw new HttpError(409, 'CONFLICT', 'The context of this evaluation was not kept.');
}

/** The same hooks and the same context once more, beside what was decided. */
function explainKept(explainer: Explainer, stored: StoredEvaluation): Promise<ServedExplanation> {
  const { record, kept } = requireKept(stored);
  const input = {
    ...kept,
    ...{ tenant: record.tenant, unchecked: false, deadlineMs: undefined },
    documents: kept.documents.map(hashed),
    context: new Content(Buffer.from(kept.context)),
    startedAt: performance.now(),
  };
  return explainer.explain(input, { decision: stored.decision });
}

function contextAnswer(id: string, kept: NonNullable<StoredEvaluation['kept']>) {
  const { event, context, transcript, cwd, active } = kept;
  const documents = kept.documents.map(hashed).map(({ name, scope, sha256, text, hint }) => {
    return { name, scope, sha256, text, dialect: hint?.dialect };
  });
  return { id, event, context, transcript, cwd, active, documents };
}
