/** The HTTP application: who may call, how much at once, and what an error looks like. */
import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import { type Caller, identify, type Role, requireRole } from './auth.ts';
import { decodeBody, jsonTypes, yamlTypes } from './body.ts';
import { closeCleanly } from './closing.ts';
import type { ServerDeps } from './deps.ts';
import { Evaluator } from './evaluator.ts';
import { HookCompiler } from './hook-compiler.ts';
import { answerTo, HttpError } from './http-error.ts';
import { documentRoutes } from './routes/documents.ts';
import { evaluateRoutes } from './routes/evaluate.ts';
import { evaluationRoutes } from './routes/evaluations.ts';
import { hookRoutes } from './routes/hook.ts';
import { hookSetRoutes } from './routes/hook-sets.ts';
import { probeRoutes } from './routes/probes.ts';
import { runRoutes } from './routes/run.ts';
import { systemRoutes } from './routes/system.ts';
import { threadRoutes } from './routes/threads.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call; `public`: without a token. A route that does not say is for admins. */
    readonly role?: Role | 'public';
    /** Counts towards `maxInFlight`. */
    readonly heavy?: boolean;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}

const nobody: Caller = { tenant: '', role: 'evaluate', urgent: false };
const requestIdText = /^[\w.:-]{1,64}$/;
/** For a whole request to arrive: a caller that dribbles holds no place for ever. */
const requestTimeoutMs = 60_000;

export function buildApp(deps: ServerDeps): FastifyInstance {
  const app: FastifyInstance = fastify({
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: deps.bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    // Ours says when to come back.
    return503OnClosing: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && requestIdText.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
  });
  app.decorateRequest('caller', null as unknown as Caller);
  readBodies(app);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request) => {
    throw new HttpError(404, 'NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}.`);
  });
  guard(app, deps);
  logRequests(app);
  const compiler = new HookCompiler(deps.backend.checkScript);
  const evaluator = new Evaluator(deps, compiler);
  app.addHook('onClose', () => evaluator.close());
  evaluateRoutes(app, deps, evaluator);
  hookRoutes(app, deps, evaluator);
  evaluationRoutes(app, deps, evaluator);
  runRoutes(app, deps);
  hookSetRoutes(app, deps, compiler);
  documentRoutes(app, deps, compiler);
  threadRoutes(app, deps);
  const { backend, metrics, version } = deps;
  probeRoutes(app, { whyNotReady: backend.whyNotReady, metrics, version });
  systemRoutes(app, version);
  return app;
}

/** Text only: what it means is for the routes, which know the limits and the pointers. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...jsonTypes, ...yamlTypes], { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    decodeBody(request.headers['content-type'], bytes),
  );
}

function guard(app: FastifyInstance, { tokens, maxInFlight }: ServerDeps): void {
  const closing = closeCleanly(app);
  let inFlight = 0;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    request.caller = nobody;
    const { role = 'admin', heavy = false } = request.routeOptions.config;
    if (request.is404 || role === 'public') return;
    request.caller = identify(tokens, request);
    requireRole(request.caller, role);
    if (closing()) throw new HttpError(503, 'SHUTTING_DOWN', 'The server is closing and takes no more requests.');
    if (!heavy) return;
    if (inFlight >= maxInFlight) throw new HttpError(503, 'OVERLOADED', `${maxInFlight} requests are being worked on.`);
    inFlight++;
    // Also when the caller went away, which no fastify hook tells in every case.
    reply.raw.once('close', () => {
      inFlight--;
    });
  });
}

/** One line per request, from which neither a body nor a header can leak. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, caller, routeOptions } = request;
    const level = routeOptions.config.role === 'public' ? 'debug' : 'info';
    const line = { method, route: routeOptions.url ?? 'unknown', status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    request.log[level]({ ...line, tenant: caller.tenant }, 'request');
  });
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, error, retryAfterSeconds } = answerTo(thrown);
  if (status === 500) request.log.error({ stack: thrown instanceof Error ? thrown.stack : String(thrown) }, 'a bug');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  void reply.code(status).send({ error });
}
