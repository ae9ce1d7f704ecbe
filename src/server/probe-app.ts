/** For processes that serve no API: is it alive, is it ready, how does it do? */
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { arrivalTimes } from './connections.ts';
import { type ProbeDeps, probeRoutes } from './routes/probes.ts';

/** Answers everybody who can reach it: nothing that it says is secret. */
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
