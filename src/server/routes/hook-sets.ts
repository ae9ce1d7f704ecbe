/** /v1/hooksets: documents with a name and a version, checked before they are taken. */
import type { FastifyInstance } from 'fastify';
import { findDialect } from '../../agents/registry.ts';
import type { ServerDeps } from '../deps.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import { inField } from '../http-error.ts';
import { readParams, readQuery, settleTenant, tenantOfQuery } from '../request-names.ts';
import { putQuery, setParams } from '../schemas.ts';
import { deleteSet, describeSet, getSet, putSet } from '../set-requests.ts';

export function hookSetRoutes(app: FastifyInstance, deps: ServerDeps, compiler: HookCompiler): void {
  const config = { role: 'admin' } as const;
  app.get('/v1/hooksets', { config }, async (request) => {
    const sets = await deps.hookSets.list(tenantOfQuery(request));
    return { hooksets: sets.map(describeSet) };
  });
  app.put('/v1/hooksets/:name', { config: { ...config, heavy: true } }, async (request, reply) => {
    const key = { scope: 'named', name: readParams(setParams, request).name } as const;
    const { tenant, ...hint } = readQuery(putQuery, request);
    inField('', () => hint.dialect === undefined || findDialect(hint.dialect));
    return putSet({ deps, compiler, tenant: settleTenant(request, tenant, ''), key, hint }, request, reply);
  });
  app.get('/v1/hooksets/:name', { config }, async (request, reply) => {
    return getSet(deps, { scope: 'named', name: readParams(setParams, request).name }, request, reply);
  });
  app.delete('/v1/hooksets/:name', { config }, async (request, reply) => {
    return deleteSet(deps, { scope: 'named', name: readParams(setParams, request).name }, request, reply);
  });
}
