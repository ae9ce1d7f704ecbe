/** /v1/threads: switches on-demand hooks on and off for one thread. */
import type { FastifyInstance } from 'fastify';
import { threadAnswer } from '../answer-schemas.ts';
import { threadsAnswer } from '../console-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import { searchScans } from '../evaluation-summary.ts';
import { HttpError } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { switchParams, tenantQuery, threadParams, threadsQuery } from '../request-schemas.ts';
import { storeLimits } from '../stores.ts';

const { hooksPerThread, threads: mostThreads, switches } = storeLimits;
const fullTexts = {
  full:
    `The tenant has ${hooksPerThread} hooks switched on in this thread, or ${mostThreads} threads, or ${switches} ` +
    'switches in all of them, the most that are kept: switch some off.',
  'all-full':
    'The switches of all tenants are as many as this process keeps: none can be added before some are switched off.',
} as const;

/** The most threads of one answer. */
const threadsMost = 100;

const ofThread = { role: 'evaluate', query: tenantQuery } as const;
const ofHook = {
  ...ofThread,
  path: '/v1/threads/{thread}/hooks/{hook}',
  params: switchParams,
  answers: { 204: null },
} as const;

export const threadOperations = {
  threads: {
    ...ofThread,
    method: 'get',
    path: '/v1/threads',
    about: 'The threads of the evaluations whose records are kept, with what is switched on.',
    role: 'view',
    heavy: true,
    query: threadsQuery,
    answers: { 200: { schema: threadsAnswer } },
  },
  list: {
    ...ofThread,
    method: 'get',
    path: '/v1/threads/{thread}/hooks',
    about: 'The on-demand hooks that are switched on for a thread.',
    params: threadParams,
    answers: { 200: { schema: threadAnswer } },
  },
  switchOn: {
    ...ofHook,
    method: 'put',
    about: 'Switch an on-demand hook on for a thread.',
    errors: [507],
  },
  switchOff: { ...ofHook, method: 'delete', about: 'Switch it off.' },
} as const satisfies Operations;

export function threadRoutes(
  app: FastifyInstance,
  { threads, evaluations }: Pick<ServerDeps, 'threads' | 'evaluations'>,
): void {
  register(app, threadOperations, {
    threads: async ({ request, query }) => {
      const tenant = tenantOfQuery(request, query);
      const page = { before: undefined, limit: searchScans };
      const found = await evaluations.list(tenant, {}, page);
      const newest = new Map<string, string>();
      for (const { thread, at } of found.evaluations) {
        if (thread === undefined || newest.has(thread)) continue;
        if (thread.startsWith(query.prefix ?? '')) newest.set(thread, at);
      }
      const listed = [...newest].slice(0, threadsMost).map(async ([thread, lastAt]) => {
        return { thread, lastAt, hooks: await threads.active(tenant, thread) };
      });
      const complete = found.next === undefined && newest.size <= threadsMost;
      return { threads: await Promise.all(listed), complete };
    },
    list: async ({ request, params: { thread }, query }) => {
      return { thread, hooks: await threads.active(tenantOfQuery(request, query), thread) };
    },
    switchOn: async ({ request, reply, params: { thread, hook }, query }) => {
      const outcome = await threads.switchOn(tenantOfQuery(request, query), thread, hook);
      if (outcome !== 'on') throw new HttpError(507, 'STORE_FULL', fullTexts[outcome]);
      return reply.code(204).send();
    },
    switchOff: async ({ request, reply, params: { thread, hook }, query }) => {
      await threads.switchOff(tenantOfQuery(request, query), thread, hook);
      return reply.code(204).send();
    },
  });
}
