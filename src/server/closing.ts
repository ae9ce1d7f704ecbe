/**
 * Graceful shutdown: requests in flight are answered, idle connections are closed, and requests
 * that have not arrived within 5 s are dropped. Once the server closes, node no longer checks for
 * idle and slow connections, so this module does.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const sweepMs = 50;
/** Time for the rest of a request that was arriving when the shutdown began. */
const arrivalMs = 5_000;

/** @returns whether the server is closing */
export function closeCleanly(app: FastifyInstance): () => boolean {
  const inFlight = new Set<IncomingMessage>();
  let sweeper: NodeJS.Timeout | undefined;
  app.addHook('onRequest', async ({ raw }, reply) => {
    inFlight.add(raw);
    reply.raw.once('close', () => inFlight.delete(raw));
  });
  app.addHook('onSend', async (_request, reply) => {
    if (sweeper !== undefined) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    const late = performance.now() + arrivalMs;
    sweeper = setInterval(() => {
      if (inFlight.size === 0) app.server.closeAllConnections();
      else app.server.closeIdleConnections();
      if (performance.now() > late) for (const raw of inFlight) if (!raw.complete) raw.destroy();
    }, sweepMs);
  });
  app.addHook('onClose', async () => clearInterval(sweeper));
  return () => sweeper !== undefined;
}
