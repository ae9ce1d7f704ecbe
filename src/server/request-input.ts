/** The parts of a request outside of its body: path, query and precondition headers. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { readTrace, type TraceContext } from '../protocol/trace-context.ts';
import { tenantOf } from './auth.ts';
import { schemaError } from './body.ts';
import { HttpError } from './http-error.ts';
import { anyTenant, tenantName } from './names.ts';
import type { Condition } from './stores.ts';

/** @throws HttpError 400; a path is no part of the body, so there is no pointer */
export function readParams<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  return parse(schema, request.params);
}

/** @throws HttpError 400 */
export function readQuery<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  return parse(schema, request.query);
}

/**
 * The tenant of a request that may name it in the query.
 * @throws HttpError 403 as tenantOf(), 503 when the tenant has no places left
 */
export function tenantOfQuery(
  request: FastifyRequest,
  { tenant }: { readonly tenant?: string | undefined },
): string {
  return settleTenant(request, tenant, '');
}

/**
 * The tenant whose share a request counts towards before its body is read; `*` while that is not
 * known.
 */
export function accountOf({ caller, query }: FastifyRequest): string {
  if (caller.tenant !== anyTenant) return caller.tenant;
  const { tenant } = query as { readonly tenant?: unknown };
  // Most requests name none, and a schema that refuses takes 10 us.
  return typeof tenant === 'string' && tenantName.safeParse(tenant).success ? tenant : anyTenant;
}

/**
 * The tenant of a request whose body has been read. From here on the places of the request count
 * towards its share.
 * @throws HttpError 403 as tenantOf(), 503 when the tenant has no places left
 */
export function settleTenant(
  request: FastifyRequest,
  asked: string | undefined,
  pointer?: string,
): string {
  const tenant = tenantOf(request.caller, asked, pointer);
  request.places?.belongTo(tenant);
  return tenant;
}

export const traceHeaders = ['traceparent', 'tracestate'] as const;

/** The trace in the headers of a request; undefined where they name none. */
export function traceOf({ headers }: FastifyRequest): TraceContext | undefined {
  return readTrace(headers['traceparent'], headers['tracestate']);
}

/** The preconditions `If-Match` and `If-None-Match: *` of a request that changes something. */
export function readCondition(request: FastifyRequest): Condition {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new HttpError(400, 'INVALID_REQUEST', 'If-None-Match can only be * here.');
  }
  return {
    ifMatch: ifMatch === undefined ? undefined : entityTags(ifMatch),
    ifAbsent: ifNoneMatch === '*',
  };
}

export function entityTags(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { status, code, message } = schemaError(parsed.error);
  throw new HttpError(status, code, message);
}
