/**
 * `hookpool worker --outbound`: makes the requests of http hooks. It holds the secrets, and neither
 * an engine nor its libraries are loaded.
 */
import { readConfig } from '../config.ts';
import { InvalidInputError } from '../errors.ts';
import { openRegistry, workerMetrics } from '../metrics.ts';
import { openOutboundWorker } from '../queue/outbound-worker.ts';
import type { QueueWorker } from '../queue/worker.ts';
import { outboundQueueOf } from '../redis/keys.ts';
import { type Arguments, exitCodes, type Io } from './command.ts';
import { openHttpHooks } from './outbound.ts';
import { openWorkerLog, readProbeAddress, readSlots, takeJobs } from './worker-life.ts';

/** A request mostly waits for its target: it takes a socket and little CPU time. */
const defaultConcurrency = 64;
/** The most that one process makes at once, of all tenants and of one. */
const most = { all: 256, tenant: 64 } as const;
/** Options of a worker with sandboxes. */
const notHere = ['workspace', 'allow-weak-limits'] as const;

export async function workOutbound(args: Arguments, io: Io): Promise<number> {
  for (const name of notHere) {
    if (args.flag(name) || args.list(name).length > 0)
      throw new InvalidInputError(
        'INVALID_USAGE',
        `--${name} is for workers with sandboxes: an outbound worker has none.`,
      );
  }
  const config = readConfig();
  // One tenant's slow targets leave half of the slots: a request takes seconds, a script 10 ms.
  const halfOf = (concurrency: number) => Math.min(most.tenant, Math.floor(concurrency / 2));
  const { concurrency, tenantCap } = readSlots(args, most.all, defaultConcurrency, halfOf);
  const address = readProbeAddress(args);
  const http = await openHttpHooks();
  if (http === undefined)
    throw new InvalidInputError(
      'INVALID_CONFIG',
      'HOOKPOOL_TARGETS_FILE is not set: an outbound worker needs the file with the targets and secrets of http hooks.',
    );
  const stop = io.stopSignal();
  const registry = openRegistry();
  const log = openWorkerLog(registry);
  const worker: QueueWorker = openOutboundWorker({
    redis: config.redis,
    queue: config.queue,
    concurrency,
    tenantCap,
    held: true,
    execute: http,
    observe: workerMetrics(registry, () => worker.stats().running),
    onError: log.onError,
  });
  try {
    const takes = `up to ${concurrency} requests at once from queue ${outboundQueueOf(config.queue)}`;
    const whyNotReady = () => undefined;
    if (!stop.aborted) await takeJobs({ worker, registry, address, takes, whyNotReady }, stop, log);
  } finally {
    await worker.close();
    await log.close();
  }
  return exitCodes.ok;
}
