/** Probes for operators and their tools: liveness, readiness and metrics. */
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../errors.ts';
import { type Operations, register } from '../operation.ts';

export interface ProbeDeps {
  /** Why a job that arrived now would not run; undefined when it would. */
  readonly whyNotReady: () => Promise<string | undefined>;
  readonly metrics: { readonly contentType: string; readonly render: () => Promise<string> };
  readonly version: string;
}

export const probeOperations = {
  healthz: {
    method: 'get',
    path: '/healthz',
    about: 'Is the process alive?',
    role: 'public',
    answers: { 200: {} },
  },
  readyz: {
    method: 'get',
    path: '/readyz',
    about: 'Would work be done now? 503 says why not.',
    role: 'public',
    answers: { 200: {}, 503: {} },
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    about: 'For Prometheus.',
    role: 'evaluate',
    answers: { 200: { type: 'text/plain' } },
  },
} as const satisfies Operations;

export function probeRoutes(
  app: FastifyInstance,
  { whyNotReady, metrics, version }: ProbeDeps,
): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  register(app, probeOperations, {
    healthz: () => ({ status: 'alive', version }),
    readyz: async ({ reply }) => {
      const reason = closing ? 'The process is closing.' : await whyNotReady().catch(messageOf);
      if (reason === undefined) return { status: 'ready' };
      return reply.code(503).send({ status: 'not ready', reason });
    },
    metrics: async ({ reply }) =>
      reply.header('content-type', metrics.contentType).send(await metrics.render()),
  });
}
