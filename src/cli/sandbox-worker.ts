/** `hookpool worker`: runs jobs on this machine's engine. */
import type { Registry } from 'prom-client';
import { type Config, readConfig } from '../config.ts';
import { openRegistry, workerMetrics } from '../metrics.ts';
import type { CommandJob } from '../protocol/job.ts';
import { mostAbout } from '../queue/heartbeat.ts';
import { openWorker, type QueueWorker } from '../queue/worker.ts';
import { Engine } from '../sandbox/engine.ts';
import { examineEngine, examineProfiles, type Finding, probeLimits } from '../sandbox/examine.ts';
import { execute } from '../sandbox/execute.ts';
import { runInProject } from '../sandbox/run-in-project.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { toAbout } from '../wire/worker-about.ts';
import { type Arguments, exitCodes, type Io } from './command.ts';
import type { Address } from './listening.ts';
import { type ObservedPool, openObservedPool } from './observed-pool.ts';
import { refuseOutboundFiles } from './outbound.ts';
import { poolOptions } from './pool-options.ts';
import { openTracing } from './tracing/open-tracing.ts';
import type { Tracing } from './tracing/tracing.ts';
import { version } from './version.ts';
import {
  openWorkerLog,
  readProbeAddress,
  readSlots,
  takeJobs,
  tracedEnds,
  type WorkerLog,
  type WorkerSlots,
} from './worker-life.ts';
import { readWorkspaces } from './workspace-option.ts';

interface Settings extends WorkerSlots {
  readonly config: Config;
  readonly address: Address | undefined;
  readonly workspaces: Workspaces | undefined;
}

interface Observers {
  readonly registry: Registry;
  readonly log: WorkerLog;
  readonly tracing: Tracing | undefined;
}

export async function workInSandboxes(args: Arguments, io: Io): Promise<number> {
  refuseOutboundFiles();
  const settings = readSettings(args, io);
  const { config, concurrency, address } = settings;
  const tracing = await openTracing('hookpool-worker', (error) => log.onError(error));
  const stop = io.stopSignal();
  const registry = openRegistry(version());
  const options = poolOptions(config);
  const log = openWorkerLog(registry);
  const observed = openObservedPool(config, registry, settings.workspaces);
  const worker = openHeldWorker(settings, observed, { registry, log, tracing });
  try {
    const findings = await examineEngine(new Engine(), options.image, options.ociRuntime);
    if (!fails(findings)) {
      findings.push(...(await examineProfiles(new Engine(), options.profiles)));
      findings.push(...(await probeLimits(observed.pool, options.limits, options.ociRuntime)));
    }
    log.err(inShort(findings));
    if (fails(findings) && !args.flag('allow-weak-limits')) return exitCodes.unavailable;
    const { whyNotReady } = observed;
    const takes = `up to ${concurrency} jobs at once from queue ${config.queue}`;
    if (!stop.aborted) await takeJobs({ worker, registry, address, takes, whyNotReady }, stop, log);
  } finally {
    await worker.close();
    await observed.pool.drain();
    await tracing?.close();
    await log.close();
  }
  return exitCodes.ok;
}

function readSettings(args: Arguments, io: Io): Settings {
  const config = readConfig();
  return {
    config,
    ...readSlots(args, config.max, config.max, (concurrency) => concurrency - 1),
    address: readProbeAddress(args),
    workspaces: readWorkspaces(args, io),
  };
}

/**
 * Opens a worker that takes no jobs before begin(). Its heartbeat announces it from the start: to
 * try every limit takes seconds, and dispatchers that know of no worker do not wait that long.
 */
function openHeldWorker(
  settings: Settings,
  { pool }: ObservedPool,
  { registry, log, tracing }: Observers,
): QueueWorker {
  const { config, concurrency, tenantCap, workspaces } = settings;
  const run = (job: CommandJob, signal: AbortSignal) => execute(pool, job, signal, workspaces);
  const worker = openWorker({
    redis: config.redis,
    queue: config.queue,
    concurrency,
    tenantCap,
    held: true,
    execute:
      tracing === undefined
        ? run
        : (job, signal, taken) => tracing.job(config.queue, job, taken, () => run(job, signal)),
    runScript: (script, signal) => runInProject(pool, script, signal, workspaces),
    about: toAbout({ workspaces: workspaces !== undefined }, mostAbout),
    observe: tracedEnds(
      log,
      workerMetrics(registry, () => worker.stats().running),
    ),
    onError: log.onError,
  });
  return worker;
}

function fails(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === 'fail');
}

/** Formats findings: one line for all limits that hold, and one for each that does not. */
function inShort(findings: readonly Finding[]): string {
  const good = findings.filter(({ level }) => level === 'ok').map(({ name }) => name);
  const bad = findings.filter(({ level }) => level !== 'ok');
  const lines = bad.map(
    ({ level, name, text, fix }) =>
      `hookpool: ${level} ${name}: ${[text, fix].filter(Boolean).join('. ')}\n`,
  );
  return `hookpool: ok ${good.join(', ')}\n${lines.join('')}`;
}
