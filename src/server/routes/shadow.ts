/** GET /v1/shadow: how often the shadow hooks of a set agreed with the decisions that were made. */
import type { FastifyInstance } from 'fastify';
import { shadowAnswer } from '../answer-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { shadowQuery } from '../request-schemas.ts';

export const shadowOperations = {
  shadow: {
    method: 'get',
    path: '/v1/shadow',
    about: 'How often each shadow hook of a hook set agreed with the decisions that were made.',
    role: 'view',
    query: shadowQuery,
    answers: { 200: { schema: shadowAnswer } },
  },
} as const satisfies Operations;

export function shadowRoutes(app: FastifyInstance, { shadows }: Pick<ServerDeps, 'shadows'>): void {
  register(app, shadowOperations, {
    shadow: async ({ request, query }) => {
      const hooks = await shadows.list(tenantOfQuery(request, query), query.hookset);
      // The set is the same in all of them.
      return { hookset: query.hookset, hooks: hooks.map(({ hookset: _, ...counts }) => counts) };
    },
  });
}
