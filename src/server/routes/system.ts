/** For operators: is it alive, is it ready, how does it do, and what can be asked of it? */
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../errors.ts';
import type { ServerDeps } from '../deps.ts';
import { docsPage } from '../docs-page.ts';
import { openApi } from '../openapi.ts';

export function systemRoutes(app: FastifyInstance, { backend, metrics, version }: ServerDeps): void {
  const config = { role: 'public' } as const;
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.get('/healthz', { config }, async () => ({ status: 'alive', version }));
  app.get('/readyz', { config }, async (_request, reply) => {
    const reason = closing ? 'The server is closing.' : await backend.whyNotReady().catch(messageOf);
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', reason });
  });
  app.get('/metrics', { config: { role: 'evaluate' } }, async (_request, reply) => {
    return reply.header('content-type', metrics.contentType).send(await metrics.render());
  });
  app.get('/openapi.json', { config }, async () => openApi(version));
  app.get('/docs', { config }, async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return reply.header('content-type', 'text/html; charset=utf-8').send(docsPage(version));
  });
}
