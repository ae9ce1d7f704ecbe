/** Descriptions of the API, for programs and for people. */
import type { FastifyInstance } from 'fastify';
import { docsPage } from '../docs-page.ts';
import { openApi } from '../openapi.ts';
import { type Operation, type Operations, register } from '../operation.ts';

export const systemOperations = {
  openApi: {
    method: 'get',
    path: '/openapi.json',
    about: 'This list for programs.',
    role: 'public',
    answers: { 200: {} },
  },
  docs: {
    method: 'get',
    path: '/docs',
    about: 'This list for people.',
    role: 'public',
    answers: { 200: { type: 'text/html' } },
  },
} as const satisfies Operations;

/** @param operations all operations of the server, these included. */
export function systemRoutes(
  app: FastifyInstance,
  version: string,
  operations: readonly Operation[],
): void {
  register(app, systemOperations, {
    openApi: () => openApi(version, operations),
    docs: ({ reply }) => {
      reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .send(docsPage(version, operations));
    },
  });
}
