/** POST /v1/answers: a decision in the words of every agent. Runs and stores nothing. */
import type { FastifyInstance } from 'fastify';
import { findDialect } from '../../agents/registry.ts';
import { answersOfAll } from '../../answering/answer-decision.ts';
import type { Decision } from '../../protocol/decision.ts';
import { asRawBody, decodeBody, jsonTypes, readJson } from '../body.ts';
import { answersAnswer, answersBody } from '../console-schemas.ts';
import { HttpError, inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';

/** A larger body takes long to read, and each agent's answer may hold all of its input. */
const maxBytes = 256 << 10;

export const answerOperations = {
  answers: {
    method: 'post',
    path: '/v1/answers',
    about: 'A decision in the words of every agent: what a command hook would print.',
    role: 'evaluate',
    heavy: true,
    body: { types: jsonTypes, schema: answersBody },
    answers: { 200: { schema: answersAnswer } },
    errors: [413, 415],
  },
} as const satisfies Operations;

export function answerRoutes(app: FastifyInstance): void {
  register(app, answerOperations, {
    answers: ({ request }) => {
      const body = asRawBody(request.body);
      if (body.bytes.length > maxBytes) {
        const text = `The body has ${body.bytes.length} bytes; ${maxBytes} are the most.`;
        throw new HttpError(413, 'TOO_LARGE', text);
      }
      const {
        decision,
        event,
        context = {},
        dialect = 'azure',
      } = readJson(answersBody, decodeBody(body)).value;
      inField('/dialect', () => findDialect(dialect));
      const { diagnostics = [], ...texts } = typeof decision === 'string' ? { decision } : decision;
      const whole = { v: 1, results: [], skipped: [], durationMs: 0, diagnostics } as const;
      // Zod types an absent member as one that may be undefined.
      const told = { ...whole, ...texts, event, dialect } as Decision;
      return { answers: answersOfAll(told, contextBytes(context)) };
    },
  });
}

function contextBytes(context: string | Readonly<Record<string, unknown>>): Uint8Array {
  const text = typeof context === 'string' ? context : JSON.stringify(context);
  try {
    const root: unknown = JSON.parse(text);
    if (typeof root === 'object' && root !== null) return Buffer.from(text);
  } catch {
    // Told below.
  }
  throw new HttpError(400, 'INVALID_REQUEST', 'The context must be a JSON object.', '/context');
}
