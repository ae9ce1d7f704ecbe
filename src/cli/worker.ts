/** `hookpool worker`: takes jobs from the queue and runs them on this machine's engine. */
import { once } from 'node:events';
import type { Registry } from 'prom-client';
import { type Config, readConfig, readWorkerConfig } from '../config.ts';
import { standardDescriptor } from '../descriptor.ts';
import { LineWriter } from '../line-writer.ts';
import { maxLogBytes } from '../log.ts';
import { exposition, logMetrics, openRegistry, workerMetrics } from '../metrics.ts';
import { plainText } from '../plain-text.ts';
import { openWorker, type QueueWorker } from '../queue/worker.ts';
import { Engine } from '../sandbox/engine.ts';
import { examineEngine, examineProfiles, type Finding, probeLimits } from '../sandbox/examine.ts';
import { execute } from '../sandbox/execute.ts';
import { runScript } from '../sandbox/run-script.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { type Address, listen, readAddress } from './listening.ts';
import { type ObservedPool, openObservedPool } from './observed-pool.ts';
import { poolOptions } from './pool-options.ts';
import { version } from './version.ts';
import { readWorkspaces, workspaceOption, workspaceUsage } from './workspace-option.ts';

const usage = `hookpool worker [--concurrency N] [--tenant-cap N] [--listen HOST:PORT] [--allow-weak-limits]

Takes jobs from the queue (HOOKPOOL_REDIS_URL) and runs them in sandboxes, until it is told to stop.
Tries every limit first, and does not start where one does not hold.

  --concurrency N       jobs at once; default: HOOKPOOL_MAX
  --tenant-cap N        jobs of one tenant at once; default: one less than --concurrency
  --listen HOST:PORT    answer /healthz, /readyz and /metrics there; default: HOOKPOOL_WORKER_LISTEN,
                        or nowhere
${workspaceUsage(24)}
  --allow-weak-limits   start although a limit does not hold

On SIGTERM or SIGINT it takes no more jobs, finishes the running ones, removes its containers and
exits with 0; a second signal ends it at once. Exit code 75: not fit to run hooks.
`;

export const workerCommand: Command = {
  usage,
  options: {
    concurrency: { type: 'string' },
    'tenant-cap': { type: 'string' },
    listen: { type: 'string' },
    ...workspaceOption,
    'allow-weak-limits': { type: 'boolean' },
  },
  run: work,
};

type LineLog = Pick<Io, 'err'>;

/** Timeout for writing the waiting lines at the end. */
const lastLinesMs = 1_000;
/** Errors repeat while Redis is unreachable: each text is printed at most once in this time. */
const repeatErrorMs = 10_000;

interface Settings {
  readonly config: Config;
  readonly concurrency: number;
  readonly tenantCap: number;
  /** Address at which probes are answered. */
  readonly address: Address | undefined;
  readonly workspaces: Workspaces | undefined;
}

async function work(args: Arguments, io: Io): Promise<number> {
  const settings = readSettings(args, io);
  const { config } = settings;
  const stop = io.stopSignal();
  const registry = openRegistry();
  const options = poolOptions(config);
  const observed = openObservedPool(config, registry, settings.workspaces);
  const lines = openLines();
  logMetrics(registry, () => lines.dropped);
  const log: LineLog = { err: (text) => lines.write(plainText(text)) };
  const worker = openHeldWorker(settings, observed, registry, log);
  try {
    const findings = await examineEngine(new Engine(), options.image, options.ociRuntime);
    if (!fails(findings)) {
      findings.push(...(await examineProfiles(new Engine(), options.profiles)));
      findings.push(...(await probeLimits(observed.pool, options.limits, options.ociRuntime)));
    }
    log.err(inShort(findings));
    if (fails(findings) && !args.flag('allow-weak-limits')) return exitCodes.unavailable;
    if (!stop.aborted) await takeJobs(settings, { worker, observed, registry }, stop, log);
  } finally {
    await worker.close();
    await observed.pool.drain();
    await lines.close(lastLinesMs);
  }
  return exitCodes.ok;
}

function readSettings(args: Arguments, io: Io): Settings {
  args.noPositionals();
  const config = readConfig();
  const place = args.text('listen') ?? readWorkerConfig().listen;
  const concurrency = Math.floor(args.number('concurrency', 1, config.max) ?? config.max);
  const tenantCap = Math.floor(
    args.number('tenant-cap', 1, concurrency) ?? Math.max(1, concurrency - 1),
  );
  return {
    config,
    concurrency,
    tenantCap,
    address: place === undefined ? undefined : readAddress(place),
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
  registry: Registry,
  io: LineLog,
): QueueWorker {
  const { config, concurrency, tenantCap, workspaces } = settings;
  const worker = openWorker({
    redis: config.redis,
    queue: config.queue,
    concurrency,
    tenantCap,
    held: true,
    execute: (job, signal) => execute(pool, job, signal, workspaces),
    runScript: (script, signal) => runScript(pool, script, signal),
    observe: workerMetrics(registry, () => worker.stats().running),
    onError: printOnce(io),
  });
  return worker;
}

interface Opened {
  readonly worker: QueueWorker;
  readonly observed: ObservedPool;
  readonly registry: Registry;
}

/** Takes jobs until `stop`, then finishes the running ones. */
async function takeJobs(
  settings: Settings,
  opened: Opened,
  stop: AbortSignal,
  io: LineLog,
): Promise<void> {
  const { config, concurrency, address } = settings;
  const { worker } = opened;
  const probes = address === undefined ? undefined : await openProbes(opened);
  try {
    if (address !== undefined && probes !== undefined)
      io.err(`hookpool: ${await listen(probes, address)} answers /healthz, /readyz and /metrics\n`);
    worker.begin();
    io.err(
      `hookpool: worker ${worker.name} takes up to ${concurrency} jobs at once from queue ${config.queue}\n`,
    );
    if (!stop.aborted) await once(stop, 'abort');
    io.err(`hookpool: finishing ${worker.stats().running} running jobs\n`);
  } finally {
    await worker.close();
    await probes?.close();
  }
}

/** Loads the HTTP server only where it listens. */
async function openProbes({ worker, observed, registry }: Opened) {
  const { buildProbeApp } = await import('../server/probe-app.ts');
  return buildProbeApp({
    whyNotReady: async () =>
      worker.stats().connected ? observed.whyNotReady() : 'Redis cannot be reached.',
    metrics: exposition(registry),
    version: version(),
  });
}

/**
 * Writes lines of text to stderr; lines that cannot be written are dropped, so that no job waits
 * for them.
 */
function openLines(): LineWriter {
  const lines: LineWriter = new LineWriter({
    descriptor: standardDescriptor(2),
    maxBytes: maxLogBytes,
    onFlow: (dropped) =>
      lines.write(
        `hookpool: ${dropped} lines were dropped: nobody read them, or the disk was full\n`,
      ),
  });
  return lines;
}

function fails(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === 'fail');
}

/** Formats findings: one line for all limits that hold, and one for each that does not. */
export function inShort(findings: readonly Finding[]): string {
  const good = findings.filter(({ level }) => level === 'ok').map(({ name }) => name);
  const bad = findings.filter(({ level }) => level !== 'ok');
  const lines = bad.map(
    ({ level, name, text, fix }) =>
      `hookpool: ${level} ${name}: ${[text, fix].filter(Boolean).join('. ')}\n`,
  );
  return `hookpool: ok ${good.join(', ')}\n${lines.join('')}`;
}

function printOnce(io: LineLog): (error: Error) => void {
  const printedAt = new Map<string, number>();
  return ({ message }) => {
    const now = performance.now();
    for (const [text, at] of printedAt) if (now - at > repeatErrorMs) printedAt.delete(text);
    if (printedAt.has(message)) return;
    printedAt.set(message, now);
    io.err(`hookpool: ${message}\n`);
  };
}
