/**
 * The console for people: files that were built before, sent as they are. They hold no data, so no
 * token is needed for them; the page asks the API with the token of the person.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';

/** A file of the console in the encodings in which it can be sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
}

/** By path below /console/; the page itself is `index.html`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

export const consolePageOperations = {
  console: {
    method: 'get',
    path: '/console/',
    about: 'The console for people, a web page that uses this API.',
    role: 'public',
    answers: { 200: { type: 'text/html' } },
    errors: [404],
  },
  consoleWithoutSlash: {
    method: 'get',
    path: '/console',
    about: 'Leads to /console/.',
    role: 'public',
    answers: { 308: null },
  },
  consoleAsset: {
    method: 'get',
    path: '/console/assets/{file}',
    about: 'A file of the console.',
    role: 'public',
    params: z.strictObject({ file: z.string().max(128) }),
    answers: { 200: { type: 'text/javascript' } },
    errors: [404],
  },
} as const satisfies Operations;

/**
 * Neither inline scripts nor inline styles, nothing from other servers, no frame around the page, and
 * no string that becomes markup: the console shows what hostile scripts have printed.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** @param files absent or empty: this build has no console, and the routes say so. */
export function consolePageRoutes(app: FastifyInstance, files: ConsoleFiles = new Map()): void {
  register(app, consolePageOperations, {
    console: ({ request, reply }) => {
      secure(reply).header('cache-control', 'no-cache');
      return sendFile(request, reply, files.get('index.html'));
    },
    consoleWithoutSlash: ({ reply }) => reply.redirect('/console/', 308),
    consoleAsset: ({ request, reply, params }) => {
      // The name of an asset changes with its content.
      secure(reply).header('cache-control', 'public, max-age=31536000, immutable');
      return sendFile(request, reply, files.get(`assets/${params.file}`));
    },
  });
}

function secure(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin');
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile | undefined) {
  if (file === undefined) {
    reply.removeHeader('cache-control');
    throw new HttpError(404, 'NOT_FOUND', 'This server has no such file of the console.');
  }
  reply.header('content-type', file.type).header('vary', 'accept-encoding');
  const accepted = request.headers['accept-encoding'] ?? '';
  // A q of 0 refuses an encoding; no browser sends one for these.
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(accepted)))
    return reply.header('content-encoding', 'br').send(file.brotli);
  if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(accepted)))
    return reply.header('content-encoding', 'gzip').send(file.gzip);
  return reply.send(file.plain);
}
