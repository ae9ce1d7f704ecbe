/** /v1/hooksets: documents with a name and a version, which are checked before they are stored. */
import type { FastifyInstance } from 'fastify';
import { findDialect } from '../../agents/registry.ts';
import { hookSetsAnswer } from '../answer-schemas.ts';
import type { ServerDeps } from '../deps.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import {
  deleteSet,
  describeSet,
  getSet,
  putSet,
  type SetCall,
  type SetTarget,
  setOperations,
  setTarget,
} from '../hook-set-handlers.ts';
import { inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { hookSetBody, putQuery, setParams, tenantQuery } from '../request-schemas.ts';

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
  },
  delete: { ...setOperations.delete, ...ofSet, about: 'Remove a hook set.' },
} as const satisfies Operations;

export function hookSetRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  compiler: HookCompiler,
): void {
  const targetOf = (call: SetCall<typeof ofSet>): SetTarget =>
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
    get: async (call) => getSet(targetOf(call)),
    delete: async (call) => deleteSet(targetOf(call)),
  });
}
