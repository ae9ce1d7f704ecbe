/**
 * An HTTP application with only the probes and the metrics, for processes that do not serve the
 * API.
 */
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { arrivalTimes } from './connections.ts';
import { type ProbeDeps, probeRoutes } from './routes/probes.ts';

/** Answers every client that can reach it: probes and metrics contain no secrets. */
export function buildProbeApp(deps: ProbeDeps, logger?: FastifyBaseLogger): FastifyInstance {
  const app: FastifyInstance = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    bodyLimit: 1024,
    requestTimeout: arrivalTimes.requestTimeout,
    http: arrivalTimes,
    forceCloseConnections: true,
  });
  probeRoutes(app, deps);
  return app;
}
