/** /v1/hooksets: documents with a name and a version, checked before they are taken. */
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import { readParams, tenantOfQuery } from '../request-names.ts';
import { setParams } from '../schemas.ts';
import { deleteSet, describeSet, getSet, putSet } from '../set-requests.ts';

export function hookSetRoutes(app: FastifyInstance, deps: ServerDeps, compiler: HookCompiler): void {
  const config = { role: 'admin' } as const;
  app.get('/v1/hooksets', { config }, async (request) => {
    const sets = await deps.hookSets.list(tenantOfQuery(request));
    return { hooksets: sets.map(describeSet) };
  });
  app.put('/v1/hooksets/:name', { config }, async (request, reply) => {
    const key = { scope: 'named', name: readParams(setParams, request).name } as const;
    return putSet({ deps, compiler, key }, request, reply);
  });
  app.get('/v1/hooksets/:name', { config }, async (request, reply) => {
    return getSet(deps, { scope: 'named', name: readParams(setParams, request).name }, request, reply);
  });
  app.delete('/v1/hooksets/:name', { config }, async (request, reply) => {
    return deleteSet(deps, { scope: 'named', name: readParams(setParams, request).name }, request, reply);
  });
}
