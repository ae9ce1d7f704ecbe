/**
 * Handlers that the routes for hook sets and for Azure's documents share: both use one store and
 * one check.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInputError, messageOf } from '../errors.ts';
import type { FileHint } from '../files/agents/agent-file.ts';
import { type HookSet, warningsOf } from '../files/hook-set.ts';
import { withOutboundWarnings } from '../files/outbound-warnings.ts';
import { told } from '../files/source-document.ts';
import { scanJson } from '../protocol/json-scan.ts';
import { documentLimits } from '../protocol/limits.ts';
import { hookSetAnswer } from './answer-schemas.ts';
import { asRawBody, decodeBody, jsonTypes, yamlTypes } from './body.ts';
import type { ServerDeps } from './deps.ts';
import { type HookCompiler, hooksOf } from './hook-compiler.ts';
import { FieldError, HttpError } from './http-error.ts';
import type { Call } from './operation.ts';
import { entityTags, readCondition, tenantOfQuery } from './request-input.ts';
import { tenantQuery } from './request-schemas.ts';
import { hashed } from './stored-hook-set.ts';
import type { HookSetKey, StoredHookSet } from './stores.ts';

type SetName = Omit<HookSetKey, 'tenant'>;

const fullTexts = {
  sets: (most: number) =>
    `The tenant has ${most} hook sets, the most that are kept. Remove one first.`,
  bytes: (most: number) =>
    `The tenant's hook sets would have more than ${most} bytes together. Make it smaller, or remove one.`,
  'all-bytes': (most: number) =>
    `The hook sets of all tenants would have more than ${most} bytes together in this process.`,
} as const;

const ofSet = { role: 'admin', query: tenantQuery } as const;
const described = { schema: hookSetAnswer };

/** Parts that the operations on all hook sets share; the routes add path and description. */
export const setOperations = {
  put: {
    ...ofSet,
    method: 'put',
    heavy: true,
    headers: ['If-Match', 'If-None-Match'],
    body: { types: [...jsonTypes, ...yamlTypes.slice(0, 1)] },
    answers: { 200: described, 201: described },
    errors: [412, 413, 415, 507],
  },
  get: {
    ...ofSet,
    method: 'get',
    headers: ['If-None-Match'],
    answers: { 200: { type: 'application/yaml' }, 304: null },
    errors: [404],
  },
  delete: {
    ...ofSet,
    method: 'delete',
    headers: ['If-Match'],
    answers: { 204: null },
    errors: [404, 412],
  },
} as const;

/** A call of one of these operations, with the path parameters of its route. */
export type SetCall<O> = Call<O & { readonly query: typeof tenantQuery }>;

/** One hook set, and the request for it. */
export interface SetTarget {
  readonly deps: ServerDeps;
  readonly tenant: string;
  readonly key: SetName;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The hook set that a request names. */
export function setTarget(
  deps: ServerDeps,
  { request, reply, query }: Pick<SetCall<object>, 'request' | 'reply' | 'query'>,
  key: SetName,
): SetTarget {
  return { deps, request, reply, tenant: tenantOfQuery(request, query), key };
}

export interface SetCheck {
  readonly compiler: HookCompiler;
  readonly hint?: FileHint;
  /** Refuses a set that has passed the checks, but does not belong at this path. */
  readonly accept?: (set: HookSet) => void;
}

export async function putSet(
  { deps, tenant, key, request, reply }: SetTarget,
  { compiler, hint, accept }: SetCheck,
) {
  const condition = readCondition(request);
  const { text, contentType } = decodeBody(asRawBody(request.body));
  const document = hashed({ ...key, text, hint });
  if ((jsonTypes as readonly string[]).includes(contentType)) checkJson(text);
  accept?.(await compiler.compile(document, { tenant }));
  const set = await compiler.check(document, tenant);
  const hookCount = hooksOf(document, set).length;
  const content = {
    text,
    sha256: document.sha256,
    contentType,
    format: set.format,
    dialect: set.dialect.name,
    hookCount,
    hint,
    by: request.caller.name,
  };
  const outcome = await deps.hookSets.put({ tenant, ...key }, content, condition);
  if (outcome.kind === 'mismatch') throw mismatch(key);
  if (outcome.kind === 'full') {
    throw new HttpError(507, 'STORE_FULL', fullTexts[outcome.limit](outcome.most));
  }
  await keepVersion(deps, outcome.stored);
  const { version, by, storedAt: at } = outcome.stored;
  deps.events?.publish(tenant, 'hookset', () => ({
    name: key.name,
    change: 'stored',
    version,
    by,
    at,
  }));
  reply.code(outcome.created ? 201 : 200).header('etag', outcome.stored.etag);
  const { knownOutbound } = deps.backend;
  const known = withOutboundWarnings(set, (asked) => knownOutbound?.(asked, tenant));
  const warnings = told(warningsOf(known)).map(({ line, column, message }) => {
    return { line, column, message };
  });
  return { ...describeSet(outcome.stored), ...(warnings.length === 0 ? {} : { warnings }) };
}

/**
 * Answers with the document as it was sent; the header x-hookpool-query has what its PUT left to
 * the query, to send with the next version.
 */
export async function getSet(
  { deps, tenant, key, request, reply }: SetTarget,
  asked?: number | undefined,
) {
  const stored =
    asked === undefined
      ? await deps.hookSets.get({ tenant, ...key })
      : await deps.versions.get({ tenant, ...key }, asked);
  if (stored === undefined) throw absent(key, asked);
  const { etag, contentType, text, version, hint = {} } = stored;
  reply.header('etag', etag).header('x-hookpool-version', String(version));
  const query = new URLSearchParams(
    Object.entries(hint).filter(([, value]) => value !== undefined),
  );
  if (query.size > 0) reply.header('x-hookpool-query', query.toString());
  const known = request.headers['if-none-match'];
  if (
    known !== undefined &&
    entityTags(known).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
  ) {
    return reply.code(304).send();
  }
  return reply.header('content-type', `${contentType}; charset=utf-8`).send(text);
}

/** The kept versions of a set, the newest first. */
export async function listVersions({ deps, tenant, key }: SetTarget) {
  const stored = await deps.hookSets.get({ tenant, ...key });
  if (stored === undefined) throw absent(key);
  const kept = await deps.versions.list({ tenant, ...key }, stored.version);
  const versions = kept.map(
    ({ version, etag, sha256, storedAt, by, format, dialect, hookCount, bytes }) => {
      return { version, etag, sha256, storedAt, by, format, dialect, hookCount, bytes };
    },
  );
  return { name: key.name, versions };
}

/** A version that cannot be kept costs nobody the change itself. */
async function keepVersion({ versions, logger }: ServerDeps, set: StoredHookSet): Promise<void> {
  try {
    await versions.keep(set);
  } catch (error) {
    const { name, version } = set;
    logger?.error({ hookset: name, version, reason: messageOf(error) }, 'a version was not kept');
  }
}

export async function deleteSet({ deps, tenant, key, request, reply }: SetTarget) {
  const stored = await deps.hookSets.get({ tenant, ...key }).catch(() => undefined);
  const outcome = await deps.hookSets.delete({ tenant, ...key }, readCondition(request));
  if (outcome === 'absent') throw absent(key);
  if (outcome === 'mismatch') throw mismatch(key);
  if (stored !== undefined)
    await deps.versions.forget({ tenant, ...key }, stored.version).catch(() => undefined);
  const by = request.caller.name;
  const told = { name: key.name, change: 'deleted', by, at: new Date().toISOString() };
  deps.events?.publish(tenant, 'hookset', () => told);
  return reply.code(204).send();
}

export function describeSet({
  name,
  scope,
  version,
  etag,
  format,
  dialect,
  hookCount,
  storedAt,
  hint,
  by,
}: StoredHookSet): object {
  const failMode = hint?.failMode === undefined ? {} : { failMode: hint.failMode };
  return { name, scope, version, etag, format, dialect, ...failMode, hookCount, storedAt, by };
}

/**
 * The reader of hook files accepts YAML, but a body with a JSON content type must be JSON. The
 * reader itself refuses texts beyond its limits.
 */
export function checkJson(text: string): void {
  if (
    scanJson(text, { depth: documentLimits.depth, values: documentLimits.tokens }).over !==
    undefined
  )
    return;
  try {
    JSON.parse(text);
  } catch (error) {
    throw new FieldError(
      '',
      new InvalidInputError('INVALID_HOOKS', 'The body is not JSON.', { cause: error }),
    );
  }
}

function absent({ name }: SetName, version?: number): HttpError {
  const of = version === undefined ? '' : `version ${version} of the `;
  return new HttpError(404, 'NOT_FOUND', `There is no ${of}hook set "${name}".`);
}

function mismatch({ name }: SetName): HttpError {
  return new HttpError(
    412,
    'PRECONDITION_FAILED',
    `"${name}" is not in the state that the request names. Read it again.`,
  );
}
