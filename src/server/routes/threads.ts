/** On-demand hooks, switched on and off for one conversation. */
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { HttpError } from '../http-error.ts';
import { readParams, tenantOfQuery } from '../request-names.ts';
import { switchParams, threadParams } from '../schemas.ts';

export function threadRoutes(app: FastifyInstance, { threads }: ServerDeps): void {
  const config = { role: 'evaluate' } as const;
  app.get('/v1/threads/:thread/hooks', { config }, async (request) => {
    const { thread } = readParams(threadParams, request);
    return { thread, hooks: await threads.active(tenantOfQuery(request), thread) };
  });
  app.put('/v1/threads/:thread/hooks/:hook', { config }, async (request, reply) => {
    const { thread, hook } = readParams(switchParams, request);
    const outcome = await threads.switchOn(tenantOfQuery(request), thread, hook);
    if (outcome === 'full') throw new HttpError(507, 'STORE_FULL', 'No more hooks or threads can be kept: switch some off.');
    return reply.code(204).send();
  });
  app.delete('/v1/threads/:thread/hooks/:hook', { config }, async (request, reply) => {
    const { thread, hook } = readParams(switchParams, request);
    await threads.switchOff(tenantOfQuery(request), thread, hook);
    return reply.code(204).send();
  });
}
