/** For operators and their tools: is it alive, is it ready, how does it do? */
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../errors.ts';

export interface ProbeDeps {
  /** Why work that came now would not be done; undefined when it would. */
  readonly whyNotReady: () => Promise<string | undefined>;
  readonly metrics: { readonly contentType: string; readonly render: () => Promise<string> };
  readonly version: string;
}

export function probeRoutes(app: FastifyInstance, { whyNotReady, metrics, version }: ProbeDeps): void {
  const config = { role: 'public' } as const;
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.get('/healthz', { config }, async () => ({ status: 'alive', version }));
  app.get('/readyz', { config }, async (_request, reply) => {
    const reason = closing ? 'The process is closing.' : await whyNotReady().catch(messageOf);
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', reason });
  });
  app.get('/metrics', { config: { role: 'evaluate' } }, async (_request, reply) => {
    return reply.header('content-type', metrics.contentType).send(await metrics.render());
  });
}
