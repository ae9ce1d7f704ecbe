/** What people ask of the server itself: its workers, its line, its quarantine, its scripts. */
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../errors.ts';
import { scriptOf } from '../../protocol/action.ts';
import { sha256 } from '../audit-record.ts';
import { scriptAnswer, systemAnswer } from '../console-schemas.ts';
import type { ServerDeps, SystemFacts } from '../deps.ts';
import { type HookCompiler, hooksOf } from '../hook-compiler.ts';
import { HttpError } from '../http-error.ts';
import { anyTenant } from '../names.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { quarantineParams, scriptParams, tenantQuery } from '../request-schemas.ts';

/** Bounds of the search for one script. */
const setsMost = 200;
const searchMs = 5_000;

const nothing: SystemFacts = { workers: [], quarantine: [] };

export const consoleOperations = {
  system: {
    method: 'get',
    path: '/v1/system',
    about:
      'Workers, the line of each tenant, sandboxes, quarantine, readiness; of others only to callers for every tenant.',
    role: 'view',
    answers: { 200: { schema: systemAnswer } },
  },
  release: {
    method: 'delete',
    path: '/v1/quarantine/{hash}',
    about: 'End the quarantine of a script; for admins of every tenant.',
    role: 'admin',
    params: quarantineParams,
    answers: { 204: null },
    errors: [404],
  },
  script: {
    method: 'get',
    path: '/v1/scripts/{sha256}',
    about: 'The script of a stored hook set, by the hash in records.',
    role: 'admin',
    heavy: true,
    params: scriptParams,
    query: tenantQuery,
    answers: { 200: { schema: scriptAnswer } },
    errors: [404],
  },
} as const satisfies Operations;

export function consoleRoutes(
  app: FastifyInstance,
  deps: ServerDeps,
  compiler: HookCompiler,
): void {
  const { backend, version } = deps;
  register(app, consoleOperations, {
    system: async ({ request }) => {
      const { tenant } = request.caller;
      const isForAll = tenant === anyTenant;
      const [reason, facts] = await Promise.all([
        backend.whyNotReady().catch(messageOf),
        backend.system?.() ?? nothing,
      ]);
      const lines = backend.lines?.() ?? [];
      const own = isForAll ? lines : lines.filter((line) => line.tenant === tenant);
      return {
        ...{ version, ready: reason === undefined, reason },
        mode: backend.capacity === undefined ? 'queue' : 'pool',
        tenants: own,
        workers: facts.workers,
        pool: facts.pool,
        quarantine: isForAll ? facts.quarantine : [],
      };
    },
    release: async ({ request, reply, params: { hash } }) => {
      if (request.caller.tenant !== anyTenant)
        throw new HttpError(403, 'FORBIDDEN', 'This needs a token for every tenant.');
      if ((await backend.release?.(hash)) === true) return reply.code(204).send();
      throw new HttpError(404, 'NOT_FOUND', `The script ${hash} is not in quarantine.`);
    },
    script: async ({ request, params, query }) => {
      const tenant = tenantOfQuery(request, query);
      const found = await findScript(deps, compiler, tenant, params.sha256);
      if (found !== undefined) return found;
      const text = 'No stored hook set has a script with this hash, or not any more.';
      throw new HttpError(404, 'NOT_FOUND', text);
    },
  });
}

async function findScript(
  { hookSets }: ServerDeps,
  compiler: HookCompiler,
  tenant: string,
  wanted: string,
): Promise<object | undefined> {
  const endsAt = performance.now() + searchMs;
  for (const stored of (await hookSets.list(tenant)).slice(0, setsMost)) {
    if (performance.now() > endsAt) break;
    // A set that this version cannot read has no scripts.
    const set = await compiler.compile(stored, { tenant }).catch(() => undefined);
    for (const hook of set === undefined ? [] : hooksOf(stored, set)) {
      const script = scriptOf(hook);
      if (script === undefined || sha256(script.source) !== wanted) continue;
      const { runtime, source } = script;
      const { name: hookset, version } = stored;
      const about = { hookset, version, hook: hook.name, event: hook.event };
      return { sha256: wanted, runtime, text: source, ...about };
    }
  }
  return undefined;
}
