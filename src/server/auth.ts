/**
 * Authentication: bearer tokens, each bound to a tenant and a role. The server keeps only their
 * hashes, and compares a presented token with all of them in constant time.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { formatProblems } from '../files/problem-text.ts';
import { SourceDocument, told } from '../files/source-document.ts';
import { parseUrl } from '../parse-url.ts';
import type { Priority } from '../protocol/job.ts';
import { defaultTenant } from '../protocol/limits.ts';
import { shortened } from '../protocol/shown.ts';
import { HttpError } from './http-error.ts';
import { isLoopback } from './loopback.ts';
import { anyTenant, callerName, tenantName } from './names.ts';

/**
 * `view`: read lists and records, without contexts. `evaluate`: run hooks and scripts, switch
 * on-demand hooks. `admin`: all of it, and hook sets and contexts.
 */
const roles = ['view', 'evaluate', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Token {
  readonly sha256: Buffer;
  /** `*`: the caller names the tenant of each request. */
  readonly tenant: string;
  readonly role: Role;
  /** The caller may request urgent evaluations, which run before those of all tenants. */
  readonly urgent: boolean;
  /** Names the caller in records, versions and the log. */
  readonly name?: string | undefined;
}

export type Caller = Omit<Token, 'sha256'>;

const minTokenLength = 16;
const mostIssues = 20;
const tokensSchema = z
  .array(
    z
      .strictObject({
        token: z
          .string()
          .min(minTokenLength, `must have at least ${minTokenLength} characters`)
          .optional(),
        tokenSha256: z
          .string()
          .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
          .optional(),
        tenant: z.union([tenantName, z.literal(anyTenant)]),
        role: z.enum(roles),
        urgent: z.boolean().default(false),
        name: callerName.optional(),
      })
      .refine(({ token, tokenSha256 }) => (token === undefined) !== (tokenSha256 === undefined), {
        message: 'needs either token or tokenSha256',
      }),
  )
  .min(1, 'must name at least one token');

/**
 * A JSON or YAML list of `{token | tokenSha256, tenant, role, urgent?, name?}`.
 * @throws InvalidInputError `INVALID_CONFIG`; the message never quotes a token.
 */
export function parseTokens(file: string, text: string): Token[] {
  const { documents, problems } = SourceDocument.parse(file, text);
  if (problems.length > 0)
    throw new InvalidInputError('INVALID_CONFIG', formatProblems(told(problems)));
  const parsed = tokensSchema.safeParse(documents[0]?.value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const first = issues
      .slice(0, mostIssues)
      .map(({ path, message }) => `${path.join('.') || 'the list'}: ${shortened(message)}`);
    const more = issues.length > mostIssues ? `; and ${issues.length - mostIssues} more` : '';
    throw new InvalidInputError(
      'INVALID_CONFIG',
      `The tokens in ${file} cannot be used. ${first.join('; ')}${more}.`,
    );
  }
  return parsed.data.map(({ token, tokenSha256, ...caller }) => ({
    sha256: tokenSha256 === undefined ? digest(token ?? '') : Buffer.from(tokenSha256, 'hex'),
    ...caller,
  }));
}

/**
 * Identifies the caller by its token. Without tokens every client that reaches the loopback address
 * may do everything; a web page in a browser of this machine must not, so the Host header must be a
 * loopback name (DNS rebinding). No page reaches a unix socket: there the rights of its file decide,
 * and any Host is as good.
 * @throws HttpError 401 or 403
 */
export function identify(
  tokens: readonly Token[],
  request: FastifyRequest,
  isThroughSocket = false,
): Caller {
  if (tokens.length === 0) {
    if (isThroughSocket || isLoopback(request.hostname))
      return { tenant: anyTenant, role: 'admin', urgent: true };
    throw new HttpError(
      403,
      'FORBIDDEN',
      'Without tokens only requests to a loopback host are answered.',
    );
  }
  const presented = /^Bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (presented === undefined)
    throw new HttpError(401, 'UNAUTHENTICATED', 'Send Authorization: Bearer TOKEN.');
  const hash = digest(presented);
  const known = tokens.filter(({ sha256 }) => timingSafeEqual(sha256, hash))[0];
  if (known === undefined) throw new HttpError(401, 'UNAUTHENTICATED', 'The token is not known.');
  const { sha256: _, ...caller } = known;
  return caller;
}

/**
 * Without tokens, a request that changes something must not come from a page of another site: a
 * browser of this machine sends it without a preflight request if it has no body, or one of a plain
 * type. Browsers name the site of the page in headers; a request without these headers comes from
 * another program.
 * @throws HttpError 403
 */
export function requireOwnPages({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  if (isOwnSite && (origin === undefined || hostOf(origin) === host?.toLowerCase())) return;
  throw new HttpError(
    403,
    'FORBIDDEN',
    'A web page of another origin must not change anything here. Without tokens only pages of this server may: start it with --tokens.',
  );
}

/** An admin may do what every other role may. @throws HttpError 403 */
export function requireRole(caller: Caller, role: Role): void {
  if (caller.role === role || caller.role === 'admin') return;
  throw new HttpError(403, 'FORBIDDEN', `This needs a token with the role ${role}.`);
}

/**
 * Urgent work runs before the turns of all tenants, so the token must allow it.
 * @throws HttpError 403
 */
export function priorityOf(caller: Caller, asked: Priority | undefined): Priority {
  if (asked !== 'urgent' || caller.urgent) return asked ?? 'normal';
  throw new HttpError(
    403,
    'FORBIDDEN',
    'The token may not ask for urgent evaluations: its entry needs urgent: true.',
    '/priority',
  );
}

/**
 * The tenant that the request is for.
 * @throws HttpError 403 when the token is another tenant's.
 */
export function tenantOf(caller: Caller, asked: string | undefined, pointer = '/tenant'): string {
  if (caller.tenant === anyTenant) return asked ?? defaultTenant;
  if (asked === undefined || asked === caller.tenant) return caller.tenant;
  throw new HttpError(403, 'FORBIDDEN', 'The token belongs to another tenant.', pointer);
}

/** The host of an origin, with its port unless that is the default of the scheme. */
function hostOf(origin: unknown): string | undefined {
  return typeof origin === 'string' ? parseUrl(origin)?.host : undefined;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
