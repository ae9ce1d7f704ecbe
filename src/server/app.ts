/**
 * The HTTP application: authentication, admission of requests, routes, request log and error
 * answers.
 */
import { randomUUID } from 'node:crypto';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { readArrivingBody } from './arriving-body.ts';
import { type Caller, identify, requireOwnPages, requireRole } from './auth.ts';
import { jsonTypes, rawBody, yamlTypes } from './body.ts';
import { closeCleanly } from './closing.ts';
import { arrivalTimes, Connections } from './connections.ts';
import type { ServerDeps } from './deps.ts';
import { Evaluator } from './evaluator.ts';
import { EventHub } from './event-hub.ts';
import { Explainer } from './explainer.ts';
import { fairBackend } from './fair-backend.ts';
import { HookCompiler } from './hook-compiler.ts';
import { answerTo, HttpError } from './http-error.ts';
import { operations } from './operations.ts';
import { Reader } from './reading/reader.ts';
import { accountOf, traceOf } from './request-input.ts';
import { type RequestPlaces, ServerPlaces } from './request-places.ts';
import { answerRoutes } from './routes/answers.ts';
import { documentRoutes } from './routes/azure-documents.ts';
import { consoleRoutes } from './routes/console.ts';
import { consolePageRoutes } from './routes/console-page.ts';
import { countRoutes } from './routes/counts.ts';
import { evaluateRoutes } from './routes/evaluate.ts';
import { evaluationRoutes } from './routes/evaluations.ts';
import { eventRoutes } from './routes/events.ts';
import { hookRoutes } from './routes/hook.ts';
import { hookSetRoutes } from './routes/hook-sets.ts';
import { nativeRoutes } from './routes/native.ts';
import { probeRoutes } from './routes/probes.ts';
import { runRoutes } from './routes/run.ts';
import { shadowRoutes } from './routes/shadow.ts';
import { systemRoutes } from './routes/system.ts';
import { threadRoutes } from './routes/threads.ts';
import { TenantShares } from './shares.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    /** null on public routes, and until the request is admitted. */
    places: RequestPlaces | null;
  }
}

const nobody: Caller = { tenant: '', role: 'evaluate', urgent: false };
const requestIdText = /^[\w.:-]{1,64}$/;
/** Limit of idle connections, beside those whose request arrives or is worked on. */
const quietConnections = 1_024;
/**
 * Socket timeout while an answer is sent: a client that does not read its answer must not hold
 * places for ever.
 */
const answerTimeoutMs = 10_000;

export function buildApp(deps: ServerDeps): FastifyInstance {
  const app: FastifyInstance = fastify({
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: deps.bodyLimitBytes,
    requestTimeout: arrivalTimes.requestTimeout,
    http: arrivalTimes,
    forceCloseConnections: 'idle',
    // guard() answers with a 503 of its own, which has a Retry-After header.
    return503OnClosing: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && requestIdText.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
  });
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('places', null);
  readBodies(app, deps);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request) => {
    throw notFound(request);
  });
  const shares = new TenantShares(deps.tokens.map(({ tenant }) => tenant));
  guard(app, deps, new ServerPlaces(deps, shares));
  logRequests(app);
  const { backend: unfair, maxInFlight } = deps;
  // Twice maxInFlight, because some events have more than one hook.
  const hub = new EventHub(deps.relay);
  eventRoutes(app, hub, shares);
  const fair = {
    ...deps,
    events: hub,
    backend: fairBackend(unfair, unfair.capacity ?? maxInFlight * 2, shares),
  };
  routes(app, fair, shares);
  return app;
}

function routes(app: FastifyInstance, deps: ServerDeps, shares: TenantShares): void {
  const reader = new Reader(deps.readerThreads);
  const compiler = new HookCompiler(reader, deps.backend.checkScript, deps.profiles);
  const evaluator = new Evaluator({ ...deps, reader }, compiler, shares);
  const explainer = new Explainer(compiler, reader);
  app.addHook('onClose', () => evaluator.close());
  evaluateRoutes(app, deps, { evaluator, explainer, reader });
  hookRoutes(app, deps, evaluator);
  nativeRoutes(app, deps, evaluator);
  evaluationRoutes(app, deps, { evaluator, explainer });
  answerRoutes(app);
  consoleRoutes(app, deps, compiler);
  runRoutes(app, deps, reader);
  hookSetRoutes(app, deps, { compiler, explainer });
  documentRoutes(app, deps, compiler);
  threadRoutes(app, deps);
  shadowRoutes(app, deps);
  countRoutes(app, deps);
  const { backend, metrics, version } = deps;
  probeRoutes(app, { whyNotReady: backend.whyNotReady, metrics, version });
  systemRoutes(app, version, operations);
  consolePageRoutes(app, deps.console);
}

/**
 * Reads bodies as bytes only: the routes parse them, because they know the limits and the pointers.
 */
function readBodies(app: FastifyInstance, { bodyLimitBytes }: ServerDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...jsonTypes, ...yamlTypes], async (request: FastifyRequest) =>
    rawBody(request.headers['content-type'], await readArrivingBody(request, bodyLimitBytes)),
  );
}

function guard(
  app: FastifyInstance,
  { tokens, maxInFlight, throughSocket }: ServerDeps,
  places: ServerPlaces,
): void {
  const closing = closeCleanly(app);
  const connections = new Connections(app.server, quietConnections + 2 * maxInFlight);
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    connections.began(socket, reply.raw);
    // The event is also emitted when the client disconnects, which no fastify hook reports in every
    // case.
    reply.raw.once('close', () => {
      connections.ended(socket, reply.raw);
      request.places?.end();
    });
    reply.header('x-request-id', request.id);
    request.caller = nobody;
    if (request.is404) throw notFound(request);
    const role = request.routeOptions.config.operation?.role ?? 'admin';
    if (role === 'public') return;
    request.caller = identify(tokens, request, throughSocket?.has(socket));
    if (tokens.length === 0) requireOwnPages(request);
    requireRole(request.caller, role);
    if (closing())
      throw new HttpError(
        503,
        'SHUTTING_DOWN',
        'The server is closing and takes no more requests.',
      );
    request.places = places.open(accountOf(request));
  });
  app.addHook('preHandler', (request, _reply, done) => {
    try {
      if (request.routeOptions.config.operation?.heavy === true) request.places?.begin();
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onSend', (request, _reply, payload, done) => {
    request.raw.socket?.setTimeout?.(answerTimeoutMs);
    done(null, payload);
  });
}

/** Logs one line per request. The line contains nothing from the body, and of the headers
 * only the name of the trace, which is hexadecimal. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, caller, routeOptions } = request;
    const level = routeOptions.config.operation?.role === 'public' ? 'debug' : 'info';
    const line = {
      method,
      route: routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    const { tenant, name } = caller;
    const traceId = traceOf(request)?.traceId;
    // A caller without a name, and a request without a trace, have no such member in the line.
    request.log[level]({ ...line, tenant, caller: name, traceId }, 'request');
  });
}

function notFound({ method, url }: FastifyRequest): HttpError {
  return new HttpError(404, 'NOT_FOUND', `There is no ${method} ${url.split('?')[0]}.`);
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, error, retryAfterSeconds } = answerTo(thrown);
  if (status === 500 && error.code === 'INTERNAL')
    request.log.error({ stack: thrown instanceof Error ? thrown.stack : String(thrown) }, 'a bug');
  // The rest of a refused body is not read, so the connection cannot be reused.
  if (request.raw.complete === false) reply.header('connection', 'close');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  void reply.code(status).send({ error });
}
