/**
 * The paths of Azure SRE Agent, so that its documents can be sent unchanged: an agent is a hook set
 * under its name, a global hook joins every agent of its tenant.
 */
import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../../errors.ts';
import type { HookSet } from '../../files/hook-set.ts';
import type { ServerDeps } from '../deps.ts';
import type { HookCompiler } from '../hook-compiler.ts';
import {
  deleteSet,
  getSet,
  putSet,
  type SetCall,
  type SetTarget,
  setOperations,
  setTarget,
} from '../hook-set-handlers.ts';
import { FieldError } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { agentParams, setParams } from '../request-schemas.ts';

const ofAgent = { path: '/api/v2/extendedAgent/agents/{agentName}', params: agentParams } as const;
const ofHook = { path: '/api/v2/extendedAgent/hooks/{name}', params: setParams } as const;
const { put, get, delete: remove } = setOperations;
const asItWasSent = 'The document as it was sent.';

export const documentOperations = {
  putAgent: {
    ...put,
    ...ofAgent,
    about: "Store Azure SRE Agent's ExtendedAgent document as a hook set.",
  },
  getAgent: { ...get, ...ofAgent, about: asItWasSent },
  deleteAgent: { ...remove, ...ofAgent, about: 'Remove an agent.' },
  putHook: {
    ...put,
    ...ofHook,
    about: 'Store a GlobalHook document: it joins every agent of the tenant.',
  },
  getHook: { ...get, ...ofHook, about: asItWasSent },
  deleteHook: { ...remove, ...ofHook, about: 'Remove a global hook.' },
} as const satisfies Operations;

export function documentRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  compiler: HookCompiler,
): void {
  const agentOf = (call: SetCall<typeof ofAgent>): SetTarget =>
    setTarget(deps, call, { scope: 'named', name: call.params.agentName });
  const hookOf = (call: SetCall<typeof ofHook>): SetTarget =>
    setTarget(deps, call, { scope: 'global', name: call.params.name });
  register(app, documentOperations, {
    putAgent: async (call) => {
      return putSet(agentOf(call), {
        compiler,
        accept: (set) => acceptAgent(set, call.params.agentName),
      });
    },
    getAgent: async (call) => getSet(agentOf(call)),
    deleteAgent: async (call) => deleteSet(agentOf(call)),
    putHook: async (call) => putSet(hookOf(call), { compiler, accept: acceptGlobal }),
    getHook: async (call) => getSet(hookOf(call)),
    deleteHook: async (call) => deleteSet(hookOf(call)),
  });
}

function acceptAgent({ format, agent }: HookSet, name: string): void {
  if (format !== 'azure-extended-agent')
    throw refused('/kind', 'This address takes ExtendedAgent documents.');
  if (agent !== undefined && agent !== name) {
    throw refused(
      '/metadata/name',
      `The document is for the agent "${agent}", the address for "${name}".`,
    );
  }
}

/**
 * Azure has no document for hooks of the system tier, so a hooks file with `tier: system` is
 * accepted as well.
 */
function acceptGlobal({ format, hooks: loaded }: HookSet): void {
  if (format === 'azure-global-hook') return;
  const text =
    'This address takes GlobalHook documents, and hooks files with hooks of the tiers system and global.';
  if (format !== 'hookpool') throw refused('/kind', text);
  if (loaded.some(({ hook }) => hook.tier === 'agent')) throw refused('/hooks', text);
}

function refused(pointer: string, message: string): FieldError {
  return new FieldError(pointer, new InvalidInputError('INVALID_HOOKS', message));
}
