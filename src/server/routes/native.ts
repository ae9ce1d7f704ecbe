/**
 * POST /v1/native/{dialect}: an agent's own http hook. The body is the agent's JSON, the answer the
 * JSON that a command hook would have printed. These agents go ahead after every other status than
 * 2xx, so whatever fails is an answer in their words too.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answerTable, answerTables } from '../../agents/registry.ts';
import { answerDecision } from '../../answering/answer-decision.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { undecidedAnswer } from '../../answering/undecided.ts';
import { failModes } from '../../protocol/dialect.ts';
import { readArrivingBody } from '../arriving-body.ts';
import { rawTypes } from '../body.ts';
import type { ServerDeps } from '../deps.ts';
import type { Evaluator } from '../evaluator.ts';
import { answerTo, HttpError, inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { traceHeaders } from '../request-input.ts';
import { nativeParams, nativeQuery } from '../request-schemas.ts';
import { evaluateAgent } from './hook.ts';

/** Why there is no decision: the code of the error, where the answer could not be one. */
const errorHeader = 'hookpool-error';

/** Below 30 s, the shortest timeout after which one of these agents goes ahead. */
const defaultDeadlineMs = 25_000;

export const nativeOperations = {
  native: {
    method: 'post',
    path: '/v1/native/{dialect}',
    about:
      "An agent's own http hook: the JSON that its command hook would print, 200 for a block too.",
    role: 'evaluate',
    heavy: true,
    params: nativeParams,
    query: nativeQuery,
    body: { types: rawTypes },
    headers: traceHeaders,
    answers: {
      200: {
        schema: z.looseObject({}),
        about:
          'The decision in the words of the agent. Where there is none, also for a wrong token or an unknown hook set: what failMode says.',
        headers: {
          [errorHeader]: 'The code of the error for which there is no decision; else absent.',
        },
      },
    },
    errorsOnly: 'Only for a dialect whose agent sends no http hooks: for all others it is a 200.',
  },
} as const satisfies Operations;

/** Registers the route in a scope of its own, because its bodies are bytes and its errors answers. */
export function nativeRoutes(app: FastifyInstance, deps: ServerDeps, evaluator: Evaluator): void {
  void app.register((scope, _options, done) => {
    const sendError = scope.errorHandler;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async (request: FastifyRequest) =>
      readArrivingBody(request, deps.bodyLimitBytes),
    );
    scope.setErrorHandler((error, request, reply) => {
      const answer = undecided(error, request);
      if (answer === undefined) return sendError(error, request, reply);
      const { status, error: told } = answerTo(error);
      request.log.warn({ status, code: told.code, reason: told.message }, 'no decision');
      // The rest of a refused body is not read, so the connection cannot be reused.
      if (request.raw.complete === false) reply.header('connection', 'close');
      return send(reply.header(errorHeader, told.code), answer);
    });
    register(scope, nativeOperations, {
      native: async ({ request, reply, params: { dialect }, query }) => {
        requireHttp(dialect);
        const { deadlineMs = defaultDeadlineMs } = query;
        const asked = { ...query, dialect, deadlineMs, agent: undefined, contextBytes: undefined };
        const { decision, context } = await evaluateAgent(deps, evaluator, request, asked);
        return send(reply, answerDecision(dialect, decision, context, 'http'));
      },
    });
    done();
  });
}

/** Sends an answer; where a command would print nothing, the body is an empty object. */
function send(reply: FastifyReply, { stdout }: Answer) {
  const body = stdout === '' ? '{}\n' : stdout;
  return reply.code(200).header('content-type', 'application/json; charset=utf-8').send(body);
}

/** @returns undefined for a dialect in whose words nothing can be answered. */
function undecided(error: unknown, { params, query, body }: FastifyRequest): Answer | undefined {
  const { dialect = '' } = params as { readonly dialect?: string };
  const { event: named, failMode } = query as Readonly<Record<string, unknown>>;
  if (answerTables.find(({ name }) => name === dialect)?.overHttp !== true) return undefined;
  // A parameter that is there twice is an array, and an empty one names nothing.
  const event = typeof named === 'string' && named !== '' ? named : undefined;
  const asked = { dialect, event, failMode: failModes.find((mode) => mode === failMode) };
  const context = body instanceof Buffer ? body : Buffer.from('');
  return undecidedAnswer(asked, context, answerTo(error).error.message, 'http');
}

/** @throws FieldError, or HttpError 400 for an agent that sends no http hooks. */
function requireHttp(dialect: string): void {
  if (inField('', () => answerTable(dialect)).overHttp === true) return;
  const known = answerTables.filter(({ overHttp }) => overHttp === true);
  const names = known.map(({ name }) => name).join(', ');
  const text = `${dialect} agents send no http hooks: use hookpool hook. This address is for ${names}.`;
  throw new HttpError(400, 'INVALID_REQUEST', text);
}
