/** GET /v1/counts: how many evaluations ended how in the last 24 hours. */
import type { FastifyInstance } from 'fastify';
import { countsAnswer } from '../console-schemas.ts';
import { countStepMs } from '../count-store.ts';
import type { ServerDeps } from '../deps.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { tenantQuery } from '../request-schemas.ts';

export const countOperations = {
  counts: {
    method: 'get',
    path: '/v1/counts',
    about: 'How many evaluations ended how in the last 24 hours, in steps of five minutes.',
    role: 'view',
    query: tenantQuery,
    answers: { 200: { schema: countsAnswer } },
  },
} as const satisfies Operations;

export function countRoutes(app: FastifyInstance, { counts }: Pick<ServerDeps, 'counts'>): void {
  register(app, countOperations, {
    counts: async ({ request, query }) => {
      const steps = await counts.list(tenantOfQuery(request, query));
      const answered = steps.map(({ step, ...rest }) => {
        return { at: new Date(step * countStepMs).toISOString(), ...rest };
      });
      return { stepMs: countStepMs, steps: answered };
    },
  });
}
