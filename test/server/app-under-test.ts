/** The application with a runner that is a plain function: no Docker, no port. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { evaluationMetrics, exposition, openRegistry } from '../../src/metrics.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { buildApp } from '../../src/server/app.ts';
import type { AuditRecord } from '../../src/server/audit-record.ts';
import type { Backend, ServerDeps } from '../../src/server/deps.ts';
import { memoryStores } from '../../src/server/memory-stores.ts';

export interface AppUnderTest {
  readonly app: FastifyInstance;
  readonly jobs: CommandJob[];
  readonly records: AuditRecord[];
}

/** A script of `exit N` ends with N, one of `echo TEXT` prints it. */
export const fakeRun = async ({ dialect, hook }: CommandJob) => {
  const source = scriptOf(hook)?.source.trim() ?? '';
  const exitCode = Number(/^exit (\d+)/m.exec(source)?.[1] ?? 0);
  const stdout = Buffer.from(/^echo (.*)$/m.exec(source)?.[1] ?? '');
  const run = {
    ...emptyRun('exited', 1),
    exitCode,
    stdout,
    stdoutTotalBytes: stdout.length,
    stderr: Buffer.from('because'),
  };
  return decide(dialect, hook, run, { queueMs: 0, leaseMs: 1, runMs: 1, totalMs: 2 });
};

export function appUnderTest(
  options: Partial<Omit<ServerDeps, 'backend'>> & { readonly backend?: Partial<Backend> } = {},
): AppUnderTest {
  const jobs: CommandJob[] = [];
  const records: AuditRecord[] = [];
  const run = options.backend?.run ?? fakeRun;
  const registry = openRegistry('0.0.0');
  const app = buildApp({
    isolation: 'tenant',
    tokens: [],
    ...memoryStores(),
    audit: (record) => void records.push(record),
    keepContexts: false,
    metrics: { ...exposition(registry), ...evaluationMetrics(registry, ['small', 'full']) },
    version: '1.2.3',
    bodyLimitBytes: 1 << 20,
    maxInFlight: 10,
    ...options,
    backend: {
      checkScript: async ({ source }) =>
        source.includes('SYNTAX') ? 'bash cannot parse the script: line 1' : undefined,
      runScript: async ({ request }) => ({
        run: { ...emptyRun('exited', 3), exitCode: 0, stdout: request.stdin },
        leaseMs: 1,
        ranIn: { container: 'abc' },
      }),
      whyNotReady: async () => undefined,
      ...options.backend,
      run: async (job, signal, call) => {
        jobs.push(job);
        return run(job, signal, call);
      },
    },
  });
  app.addHook('onSend', async (request, reply) => expectDescribed(request, reply));
  return { app, jobs, records };
}

/**
 * Every answer of a test has a status that its operation promises; 500 is for bugs and stores that
 * are broken.
 */
function expectDescribed({ routeOptions, method, url }: FastifyRequest, reply: FastifyReply): void {
  const { operation } = routeOptions.config;
  const { statusCode } = reply;
  if (operation === undefined || statusCode === 500) return;
  const { answers, errors = [], role } = operation;
  const ofAll = role === 'public' ? [] : [400, 401, 403, 503];
  if (statusCode in answers || [...ofAll, ...errors].includes(statusCode)) return;
  // Fastify keeps the status of an error that is on its way.
  reply.code(500);
  throw new Error(`${method} ${url} answers ${statusCode}, which its operation does not have`);
}

export const stopHook = (script: string, more: object = {}) => ({
  Stop: [{ name: 'guard', script, ...more }],
});
export const stopContext = { hook_event_name: 'Stop', final_output: 'done' };
