/**
 * POST /v1/hook: the body is the agent's stdin, the answer is what its command hook must print. A
 * bridge needs only curl, and the context stays unchanged because the bridge neither quotes nor
 * parses it.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { answerTable } from '../../agents/registry.ts';
import { answerDecision } from '../../answering/answer-decision.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { Content } from '../../protocol/content.ts';
import { hookAnswer } from '../answer-schemas.ts';
import { readArrivingBody } from '../arriving-body.ts';
import { decodeBody, rawBody, rawTypes } from '../body.ts';
import type { ServerDeps } from '../deps.ts';
import { storeTimeoutMs } from '../evaluation-times.ts';
import type { Evaluator } from '../evaluator.ts';
import { HttpError, inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { settleTenant, traceHeaders, traceOf } from '../request-input.ts';
import { hookQuery } from '../request-schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import type { HookDocument } from '../stores.ts';
import { storedHooks } from './evaluate.ts';

type HookQuery = z.infer<typeof hookQuery>;

/** The ASCII record separator. JSON must escape it, and plain texts are cleared of it. */
const recordEnd = '\u001e';

/**
 * `offered`: the bridge sends the transcript if a hook of the event reads it, which status 428 tells.
 * A number: the last so many bytes of the body are the transcript.
 */
const transcriptHeader = 'Hookpool-Transcript';

export const hookOperations = {
  hook: {
    method: 'post',
    path: '/v1/hook',
    about: "An agent's JSON as it is: what a command hook would have to print, and its exit code.",
    role: 'evaluate',
    heavy: true,
    query: hookQuery,
    body: { types: rawTypes },
    headers: [transcriptHeader, ...traceHeaders],
    answers: { 200: { schema: hookAnswer } },
    errors: [404, 413, 415, 428],
  },
} as const satisfies Operations;

/** Registers the route in a scope of its own, because its bodies are bytes. */
export function hookRoutes(app: FastifyInstance, deps: ServerDeps, evaluator: Evaluator): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...rawTypes], async (request: FastifyRequest) =>
      readArrivingBody(request, deps.bodyLimitBytes),
    );
    register(scope, hookOperations, {
      hook: async ({ request, reply, query }) => {
        inField('', () => answerTable(query.dialect));
        const { id, decision, context } = await evaluateAgent(deps, evaluator, request, query);
        const answer = answerDecision(query.dialect, decision, context);
        if (request.headers.accept === 'text/plain') return sendRecords(reply, answer);
        return { evaluationId: id, decision: decision.decision, ...answer };
      },
    });
    done();
  });
}

/** Evaluates the event of a request whose body is the JSON of an agent. */
export async function evaluateAgent(
  deps: ServerDeps,
  evaluator: Evaluator,
  request: FastifyRequest,
  query: HookQuery,
) {
  const { dialect, hookset, contextBytes, event, thread, cwd, deadlineMs } = query;
  const { bytes, transcript, offersTranscript } = withoutTranscript(request);
  const tenant = settleTenant(request, query.tenant, '');
  const startedAt = performance.now();
  const withinMs = storeTimeoutMs(deadlineMs);
  const context = bytes.subarray(0, contextBytes);
  const asking = Promise.all([
    hookset === undefined
      ? [hooksBehind(bytes, query)]
      : storedHooks(deps, tenant, { hookset, dialect }, withinMs),
    thread === undefined ? [] : deps.threads.active(tenant, thread, withinMs),
  ]);
  const about = { tenant, event, context: new Content(context), transcript, deadlineMs };
  // The question is on its way to Redis by now.
  const early = evaluator.early({ ...about, dialect });
  const [documents, active] = await asking;
  const { stored } = await evaluator.evaluate({
    ...about,
    early,
    id: randomUUID(),
    named: false,
    requestId: request.id,
    trace: traceOf(request),
    caller: request.caller.name,
    documents,
    unchecked: hookset === undefined,
    hookset,
    thread,
    offersTranscript,
    cwd,
    active,
    priority: 'normal',
    startedAt,
    holdBody: () => request.places?.hold(),
  });
  return { id: stored.record.id, decision: stored.decision, context };
}

/**
 * Sends three texts with a separator after each: a shell can split them without a JSON parser, and
 * the last separator shows that nothing was truncated.
 */
function sendRecords(reply: FastifyReply, { exitCode, stdout, stderr }: Answer) {
  const text = [String(exitCode), stdout, stderr].map((record) => record + recordEnd).join('');
  return reply.header('content-type', 'text/plain; charset=utf-8').send(text);
}

function bodyBytes(body: unknown): Buffer {
  if (body instanceof Buffer) return body;
  throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the context as application/json.');
}

/**
 * Cuts the transcript off the body. Its bytes that are no UTF-8 become U+FFFD: what an agent has
 * written there must not cost it a decision.
 */
function withoutTranscript({ body, headers }: FastifyRequest): {
  readonly bytes: Buffer;
  readonly transcript: string | undefined;
  readonly offersTranscript: boolean;
} {
  const bytes = bodyBytes(body);
  const said = headers[transcriptHeader.toLowerCase()];
  if (said === undefined || said === 'offered')
    return { bytes, transcript: undefined, offersTranscript: said !== undefined };
  const count = /^\d{1,9}$/.test(String(said)) ? Number(said) : Infinity;
  if (count > bytes.length) {
    const text = `${transcriptHeader}: "offered", or how many bytes at the end of the body are the transcript; the body has ${bytes.length}.`;
    throw new HttpError(400, 'INVALID_REQUEST', text);
  }
  const start = bytes.length - count;
  const transcript = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start));
  return { bytes: bytes.subarray(0, start), transcript, offersTranscript: false };
}

/**
 * The hooks file behind the context, as a named document like the hooks in a body of /v1/evaluate.
 */
function hooksBehind(
  bytes: Buffer,
  { dialect, agent, contextBytes = bytes.length }: HookQuery,
): HookDocument {
  if (contextBytes >= bytes.length)
    throw new HttpError(400, 'INVALID_REQUEST', 'There is no hooks file behind the context.');
  const { text } = decodeBody(rawBody(undefined, bytes.subarray(contextBytes)));
  return hashed({ name: 'hooks', scope: 'named', text, hint: { dialect, agent } });
}
