/** What can be asked of this server: for programs and for people. */
import type { FastifyInstance } from 'fastify';
import { docsPage } from '../docs-page.ts';
import { openApi } from '../openapi.ts';

export function systemRoutes(app: FastifyInstance, version: string): void {
  const config = { role: 'public' } as const;
  app.get('/openapi.json', { config }, async () => openApi(version));
  app.get('/docs', { config }, async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return reply.header('content-type', 'text/html; charset=utf-8').send(docsPage(version));
  });
}
