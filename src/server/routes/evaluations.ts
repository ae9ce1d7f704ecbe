/** The records of evaluations, and the same evaluation once more. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Content } from '../../protocol/content.ts';
import type { ServerDeps } from '../deps.ts';
import type { Evaluator } from '../evaluator.ts';
import { HttpError } from '../http-error.ts';
import { readParams, tenantOfQuery } from '../request-names.ts';
import { evaluationParams } from '../schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { StoredEvaluation } from '../stores.ts';
import { answer } from './evaluate.ts';

export function evaluationRoutes(app: FastifyInstance, deps: ServerDeps, evaluator: Evaluator): void {
  const find = async (request: FastifyRequest): Promise<StoredEvaluation> => {
    const { id } = readParams(evaluationParams, request);
    const found = await deps.evaluations.get(tenantOfQuery(request), id);
    if (found !== undefined) return found;
    throw new HttpError(404, 'NOT_FOUND', `There is no record of the evaluation ${id}, or not any more.`);
  };
  app.get('/v1/evaluations/:id', { config: { role: 'admin' } }, async (request) => (await find(request)).record);
  app.post('/v1/evaluations/:id/replay', { config: { role: 'admin', heavy: true } }, async (request) => {
    const { record, kept } = await find(request);
    if (kept === undefined) throw new HttpError(409, 'CONFLICT', 'The context of this evaluation was not kept.');
    const { tenant, hookset, thread } = record;
    const { stored } = await evaluator.evaluate({
      ...kept,
      documents: kept.documents.map(hashed),
      startedAt: performance.now(),
      id: randomUUID(),
      named: false,
      requestId: request.id,
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
  });
}
