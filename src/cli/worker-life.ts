/** What a process with a worker does, whatever its jobs are: settings, log, probes, and the end. */
import { once } from 'node:events';
import type { Registry } from 'prom-client';
import { readWorkerConfig } from '../config.ts';
import { standardDescriptor } from '../descriptor.ts';
import { LineWriter } from '../line-writer.ts';
import { maxLogBytes } from '../log.ts';
import { exposition, logMetrics } from '../metrics.ts';
import { plainText } from '../plain-text.ts';
import type { JobEnd } from '../queue/task-runner.ts';
import type { QueueWorker } from '../queue/worker.ts';
import type { Arguments, Io } from './command.ts';
import { type Address, listen, readAddress } from './listening.ts';
import { version } from './version.ts';

/** Timeout for writing the waiting lines at the end. */
const lastLinesMs = 1_000;
/** Errors repeat while Redis is unreachable: each text is printed at most once in this time. */
const repeatErrorMs = 10_000;

export interface WorkerLog extends Pick<Io, 'err'> {
  /** Prints an error of the worker, unless it was printed just before. */
  readonly onError: (error: Error) => void;
  close(): Promise<void>;
}

/**
 * Writes lines of text to stderr; lines that cannot be written are dropped, so that no job waits
 * for them.
 */
export function openWorkerLog(registry: Registry): WorkerLog {
  const lines: LineWriter = new LineWriter({
    descriptor: standardDescriptor(2),
    maxBytes: maxLogBytes,
    onFlow: (dropped) =>
      lines.write(
        `hookpool: ${dropped} lines were dropped: nobody read them, or the disk was full\n`,
      ),
  });
  logMetrics(registry, () => lines.dropped);
  const err = (text: string) => lines.write(plainText(text));
  return { err, onError: printOnce(err), close: () => lines.close(lastLinesMs) };
}

/**
 * Tells of each job that belongs to a trace, so that a search for the trace finds the worker, and
 * hands every end on.
 */
export function tracedEnds(
  { err }: Pick<WorkerLog, 'err'>,
  observe: (end: JobEnd) => void,
): (end: JobEnd) => void {
  return (one) => {
    observe(one);
    const { traceId, end, queueMs } = one;
    if (traceId === undefined) return;
    err(
      `hookpool: job of trace ${traceId}: ${end}, after ${Math.round(queueMs)} ms in the queue\n`,
    );
  };
}

function printOnce(err: Io['err']): (error: Error) => void {
  const printedAt = new Map<string, number>();
  return ({ message }) => {
    const now = performance.now();
    for (const [text, at] of printedAt) if (now - at > repeatErrorMs) printedAt.delete(text);
    if (printedAt.has(message)) return;
    printedAt.set(message, now);
    err(`hookpool: ${message}\n`);
  };
}

export interface WorkerSlots {
  readonly concurrency: number;
  readonly tenantCap: number;
}

/** @param most jobs at once; `share` of them are one tenant's, unless --tenant-cap says so. */
export function readSlots(
  args: Arguments,
  most: number,
  otherwise: number,
  shareOf: (concurrency: number) => number,
): WorkerSlots {
  const concurrency = Math.floor(args.number('concurrency', 1, most) ?? otherwise);
  const share = Math.max(1, shareOf(concurrency));
  return { concurrency, tenantCap: Math.floor(args.number('tenant-cap', 1, concurrency) ?? share) };
}

/** Where probes are answered; undefined: nowhere. */
export function readProbeAddress(args: Arguments): Address | undefined {
  const place = args.text('listen') ?? readWorkerConfig().listen;
  return place === undefined ? undefined : readAddress(place);
}

export interface TakingJobs {
  readonly worker: QueueWorker;
  readonly registry: Registry;
  readonly address: Address | undefined;
  /** What the worker takes, for people: `up to 8 jobs at once from queue hooks`. */
  readonly takes: string;
  /** Why a job could not run although Redis answers. */
  readonly whyNotReady: () => string | undefined;
}

/** Takes jobs until `stop`, then finishes the running ones. */
export async function takeJobs(
  taking: TakingJobs,
  stop: AbortSignal,
  log: WorkerLog,
): Promise<void> {
  const { worker, address, takes } = taking;
  const probes = address === undefined ? undefined : await openProbes(taking);
  try {
    if (address !== undefined && probes !== undefined)
      log.err(
        `hookpool: ${await listen(probes, address)} answers /healthz, /readyz and /metrics\n`,
      );
    worker.begin();
    log.err(`hookpool: worker ${worker.name} takes ${takes}\n`);
    if (!stop.aborted) await once(stop, 'abort');
    log.err(`hookpool: finishing ${worker.stats().running} running jobs\n`);
  } finally {
    await worker.close();
    await probes?.close();
  }
}

/** Loads the HTTP server, which takes 0.15 s of the 0.9 s of CPU time until a worker runs. */
async function openProbes({ worker, registry, whyNotReady }: TakingJobs) {
  const { buildProbeApp } = await import('../server/probe-app.ts');
  return buildProbeApp({
    whyNotReady: async () =>
      worker.stats().connected ? whyNotReady() : 'Redis cannot be reached.',
    metrics: exposition(registry),
    version: version(),
  });
}
