/**
 * `hookpool worker`: takes jobs from the queue. Each of the two kinds of workers loads its own
 * libraries only.
 */
import type { Arguments, Command, Io } from './command.ts';
import { workspaceOption, workspaceUsage } from './workspace-option.ts';

const usage = `hookpool worker [--concurrency N] [--tenant-cap N] [--listen HOST:PORT] [--allow-weak-limits]
hookpool worker --outbound [--concurrency N] [--tenant-cap N] [--listen HOST:PORT]

Takes jobs from the queue (HOOKPOOL_REDIS_URL) and runs them in sandboxes, until it is told to stop.
Tries every limit first, and does not start where one does not hold.

  --outbound            make the requests of http hooks and ask the judges of prompt and agent hooks
                        instead: takes only those jobs, needs HOOKPOOL_TARGETS_FILE or
                        HOOKPOOL_JUDGES_FILE and a way to targets and judges, and uses no engine
  --concurrency N       jobs at once; default: HOOKPOOL_MAX, with --outbound 64 (at most 256)
  --tenant-cap N        jobs of one tenant at once; default: one less than --concurrency, with
                        --outbound half of it (at most 64)
  --listen HOST:PORT    answer /healthz, /readyz and /metrics there; default: HOOKPOOL_WORKER_LISTEN,
                        or nowhere
${workspaceUsage(24)}
  --allow-weak-limits   start although a limit does not hold

On SIGTERM or SIGINT it takes no more jobs, finishes the running ones, removes its containers and
exits with 0; a second signal ends it at once. Exit code 64: bad usage or configuration; 75: not fit
to run hooks.
`;

export const workerCommand: Command = {
  usage,
  options: {
    outbound: { type: 'boolean' },
    concurrency: { type: 'string' },
    'tenant-cap': { type: 'string' },
    listen: { type: 'string' },
    ...workspaceOption,
    'allow-weak-limits': { type: 'boolean' },
  },
  run: work,
};

async function work(args: Arguments, io: Io): Promise<number> {
  args.noPositionals();
  if (args.flag('outbound')) {
    const { workOutbound } = await import('./outbound-worker.ts');
    return workOutbound(args, io);
  }
  const { workInSandboxes } = await import('./sandbox-worker.ts');
  return workInSandboxes(args, io);
}
