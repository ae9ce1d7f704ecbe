/** On-demand hooks, switched on and off for one conversation. */
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { HttpError } from '../http-error.ts';
import { readParams, tenantOfQuery } from '../request-names.ts';
import { switchParams, threadParams } from '../schemas.ts';
import { storeLimits } from '../stores.ts';

const { hooksPerThread, threads: mostThreads, switches } = storeLimits;
const fullTexts = {
  full:
    `The tenant has ${hooksPerThread} hooks switched on in this thread, or ${mostThreads} threads, or ${switches} ` +
    'switches in all of them, the most that are kept: switch some off.',
  'all-full': 'The switches of all tenants are as many as this process keeps: none can be added before some are switched off.',
} as const;

export function threadRoutes(app: FastifyInstance, { threads }: ServerDeps): void {
  const config = { role: 'evaluate' } as const;
  app.get('/v1/threads/:thread/hooks', { config }, async (request) => {
    const { thread } = readParams(threadParams, request);
    return { thread, hooks: await threads.active(tenantOfQuery(request), thread) };
  });
  app.put('/v1/threads/:thread/hooks/:hook', { config }, async (request, reply) => {
    const { thread, hook } = readParams(switchParams, request);
    const outcome = await threads.switchOn(tenantOfQuery(request), thread, hook);
    if (outcome !== 'on') throw new HttpError(507, 'STORE_FULL', fullTexts[outcome]);
    return reply.code(204).send();
  });
  app.delete('/v1/threads/:thread/hooks/:hook', { config }, async (request, reply) => {
    const { thread, hook } = readParams(switchParams, request);
    await threads.switchOff(tenantOfQuery(request), thread, hook);
    return reply.code(204).send();
  });
}
