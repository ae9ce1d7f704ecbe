/** The records of evaluations, and their replay. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Content } from '../../protocol/content.ts';
import { auditAnswer, replayAnswer } from '../answer-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import type { Evaluator } from '../evaluator.ts';
import { HttpError } from '../http-error.ts';
import { type Call, type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { evaluationParams, tenantQuery } from '../request-schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { StoredEvaluation } from '../stores.ts';
import { answer } from './evaluate.ts';

const ofEvaluation = { role: 'admin', params: evaluationParams, query: tenantQuery } as const;

export const evaluationOperations = {
  record: {
    ...ofEvaluation,
    method: 'get',
    path: '/v1/evaluations/{id}',
    about: 'The record of an evaluation.',
    answers: { 200: { schema: auditAnswer } },
    errors: [404],
  },
  replay: {
    ...ofEvaluation,
    method: 'post',
    path: '/v1/evaluations/{id}/replay',
    about: 'The same evaluation once more, where its context was kept.',
    heavy: true,
    answers: { 200: { schema: replayAnswer } },
    errors: [404, 409],
  },
} as const satisfies Operations;

export function evaluationRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  evaluator: Evaluator,
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
  const replay = async (call: Call<typeof ofEvaluation>) => {
    const { record, kept } = await find(call);
    if (kept === undefined)
      throw new HttpError(409, 'CONFLICT', 'The context of this evaluation was not kept.');
    const { tenant, hookset, thread } = record;
    const { stored } = await evaluator.evaluate({
      ...kept,
      documents: kept.documents.map(hashed),
      startedAt: performance.now(),
      id: randomUUID(),
      named: false,
      requestId: call.request.id,
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
    record: async (call) => (await find(call)).record,
    replay,
  });
}
