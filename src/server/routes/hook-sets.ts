/** /v1/hooksets: documents with a name and a version, which are checked before they are stored. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findDialect } from '../../agents/registry.ts';
import type { FileHint } from '../../files/agents/agent-file.ts';
import { hookSetsAnswer } from '../answer-schemas.ts';
import { asRawBody, decodeBody, jsonTypes } from '../body.ts';
import { checkDocument } from '../check-document.ts';
import { checkAnswer, tryAnswer, versionsAnswer } from '../console-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import type { Explainer } from '../explainer.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import {
  checkJson,
  deleteSet,
  describeSet,
  getSet,
  listVersions,
  putSet,
  type SetCall,
  type SetTarget,
  setOperations,
  setTarget,
} from '../hook-set-handlers.ts';
import { inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import {
  checkQuery,
  hookSetBody,
  putQuery,
  setParams,
  tenantQuery,
  tryQuery,
  versionQuery,
} from '../request-schemas.ts';
import { hashed } from '../stored-hook-set.ts';
import { triedMost, tryHooks } from '../try-hooks.ts';

const ofSet = { path: '/v1/hooksets/{name}', params: setParams } as const;

export const hookSetOperations = {
  list: {
    method: 'get',
    path: '/v1/hooksets',
    about: 'All hook sets of a tenant.',
    role: 'view',
    query: tenantQuery,
    answers: { 200: { schema: hookSetsAnswer } },
  },
  put: {
    ...setOperations.put,
    ...ofSet,
    about: 'Check a hooks file and store it. If-Match says which version it replaces.',
    query: putQuery,
    body: { ...setOperations.put.body, schema: hookSetBody },
  },
  get: {
    ...setOperations.get,
    ...ofSet,
    about: 'The document as it was sent, with its ETag; x-hookpool-query is the query of its PUT.',
    query: versionQuery,
  },
  delete: {
    ...setOperations.delete,
    ...ofSet,
    about: 'Remove a hook set, and its versions.',
  },
  versions: {
    method: 'get',
    path: '/v1/hooksets/{name}/versions',
    about: 'The last 20 versions of a hook set: when each was stored, and by whom.',
    role: 'admin',
    params: setParams,
    query: tenantQuery,
    answers: { 200: { schema: versionsAnswer } },
    errors: [404],
  },
  try: {
    method: 'post',
    path: '/v1/hooksets/{name}/try',
    about: 'For which of the kept evaluations of a set would a new text run other hooks?',
    role: 'admin',
    heavy: true,
    params: setParams,
    query: tryQuery,
    body: { types: setOperations.put.body.types, schema: hookSetBody },
    answers: { 200: { schema: tryAnswer } },
    errors: [404, 413, 415],
  },
  check: {
    method: 'post',
    path: '/v1/check',
    about: 'What is wrong with a hooks file, and what was understood of it. Stores nothing.',
    role: 'evaluate',
    heavy: true,
    query: checkQuery,
    body: { types: setOperations.put.body.types, schema: hookSetBody },
    answers: { 200: { schema: checkAnswer } },
    errors: [413, 415],
  },
} as const satisfies Operations;

export function hookSetRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  { compiler, explainer }: { readonly compiler: HookCompiler; readonly explainer: Explainer },
): void {
  const targetOf = (call: SetCall<Pick<typeof ofSet, 'params'>>): SetTarget =>
    setTarget(deps, call, { scope: 'named', name: call.params.name });
  register(app, hookSetOperations, {
    list: async ({ request, query }) => {
      const sets = await deps.hookSets.list(tenantOfQuery(request, query));
      return { hooksets: sets.map(describeSet) };
    },
    put: async (call) => {
      const { tenant: _, ...hint } = call.query;
      inField('', () => hint.dialect === undefined || findDialect(hint.dialect));
      return putSet(targetOf(call), { compiler, hint });
    },
    get: async (call) => {
      const { tenant, version } = call.query;
      return getSet(targetOf({ ...call, query: { tenant } }), version);
    },
    delete: async (call) => deleteSet(targetOf(call)),
    versions: async (call) => listVersions(targetOf(call)),
    try: async ({ request, params: { name }, query }) => {
      const { tenant: asked, limit = triedMost, ...hint } = query;
      const { tenant, document, isJson } = readDocument(request, name, { tenant: asked, hint });
      if (isJson) checkJson(document.text);
      await compiler.compile(document, { tenant });
      return tryHooks(deps, explainer, { tenant, name, document, limit });
    },
    check: async ({ request, query }) => {
      const { tenant: asked, syntax, ...hint } = query;
      const { tenant, document, isJson } = readDocument(request, 'hooks', { tenant: asked, hint });
      return checkDocument(compiler, document, { tenant, isJson, syntax: syntax !== 'false' });
    },
  });
}

/** The document of a request that stores nothing. */
function readDocument(
  request: FastifyRequest,
  name: string,
  { tenant: asked, hint }: { readonly tenant: string | undefined; readonly hint: FileHint },
) {
  const tenant = tenantOfQuery(request, { tenant: asked });
  inField('', () => hint.dialect === undefined || findDialect(hint.dialect));
  const { text, contentType } = decodeBody(asRawBody(request.body));
  const document = hashed({ name, scope: 'named', text, hint } as const);
  return { tenant, document, isJson: (jsonTypes as readonly string[]).includes(contentType) };
}
