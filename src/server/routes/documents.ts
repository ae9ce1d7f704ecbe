/**
 * The addresses of Azure SRE Agent, so that its documents can be sent unchanged: an agent is a hook
 * set under its name, a global hook joins every agent of its tenant.
 */
import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../../errors.ts';
import type { HookSet } from '../../files/hook-set.ts';
import type { ServerDeps } from '../deps.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import { FieldError } from '../http-error.ts';
import { readParams, tenantOfQuery } from '../request-names.ts';
import { agentParams, setParams } from '../schemas.ts';
import { deleteSet, getSet, putSet } from '../set-requests.ts';

const agents = '/api/v2/extendedAgent/agents/:agentName';
const hooks = '/api/v2/extendedAgent/hooks/:name';

export function documentRoutes(app: FastifyInstance, deps: ServerDeps, compiler: HookCompiler): void {
  const config = { role: 'admin' } as const;
  app.put(agents, { config: { ...config, heavy: true } }, async (request, reply) => {
    const key = { scope: 'named', name: readParams(agentParams, request).agentName } as const;
    return putSet(
      { deps, compiler, tenant: tenantOfQuery(request), key, accept: (set) => acceptAgent(set, key.name) },
      request,
      reply,
    );
  });
  app.get(agents, { config }, async (request, reply) => {
    return getSet(deps, { scope: 'named', name: readParams(agentParams, request).agentName }, request, reply);
  });
  app.delete(agents, { config }, async (request, reply) => {
    return deleteSet(deps, { scope: 'named', name: readParams(agentParams, request).agentName }, request, reply);
  });
  app.put(hooks, { config: { ...config, heavy: true } }, async (request, reply) => {
    const key = { scope: 'global', name: readParams(setParams, request).name } as const;
    return putSet({ deps, compiler, tenant: tenantOfQuery(request), key, accept: acceptGlobal }, request, reply);
  });
  app.get(hooks, { config }, async (request, reply) => {
    return getSet(deps, { scope: 'global', name: readParams(setParams, request).name }, request, reply);
  });
  app.delete(hooks, { config }, async (request, reply) => {
    return deleteSet(deps, { scope: 'global', name: readParams(setParams, request).name }, request, reply);
  });
}

function acceptAgent({ format, agent }: HookSet, name: string): void {
  if (format !== 'azure-extended-agent') throw refused('/kind', 'This address takes ExtendedAgent documents.');
  if (agent !== undefined && agent !== name) {
    throw refused('/metadata/name', `The document is for the agent "${agent}", the address for "${name}".`);
  }
}

/** Hooks of the system tier have no document of Azure's: a hooks file with `tier: system` brings them. */
function acceptGlobal({ format, hooks: loaded }: HookSet): void {
  if (format === 'azure-global-hook') return;
  const text = 'This address takes GlobalHook documents, and hooks files with hooks of the tiers system and global.';
  if (format !== 'hookpool') throw refused('/kind', text);
  if (loaded.some(({ hook }) => hook.tier === 'agent')) throw refused('/hooks', text);
}

function refused(pointer: string, message: string): FieldError {
  return new FieldError(pointer, new InvalidInputError('INVALID_HOOKS', message));
}
