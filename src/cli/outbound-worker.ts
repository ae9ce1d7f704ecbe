/**
 * `hookpool worker --outbound`: makes the requests of http hooks and asks the judges of prompt and
 * agent hooks. It holds the secrets, and neither an engine nor its libraries are loaded: the tools
 * of judges run on workers with sandboxes.
 */
import type { Registry } from 'prom-client';
import { type Config, readConfig } from '../config.ts';
import type { HttpRunner, JudgeRunner } from '../dispatch/runner.ts';
import { InvalidInputError } from '../errors.ts';
import { openRegistry, workerMetrics } from '../metrics.ts';
import { type Most, mostAtOnce } from '../outbound/at-once.ts';
import type { JudgeHooksOptions } from '../outbound/judges/judge-hook.ts';
import type { Failure } from '../protocol/decision.ts';
import { decide } from '../protocol/verdict/decide.ts';
import type { OutboundExecutor } from '../queue/outbound-task.ts';
import { openOutboundWorker } from '../queue/outbound-worker.ts';
import { openQueueRunner } from '../queue/queue-runner.ts';
import type { QueueWorker } from '../queue/worker.ts';
import { outboundQueueOf } from '../redis/keys.ts';
import { RedisJudgePlaces } from '../redis-stores/judge-places.ts';
import { RedisSpending } from '../redis-stores/spending.ts';
import { RedisVerdicts } from '../redis-stores/verdicts.ts';
import { parseAbout } from '../wire/worker-about.ts';
import { announcement } from './announcement.ts';
import { type Arguments, exitCodes, type Io } from './command.ts';
import { judgeMetrics } from './judge-metrics.ts';
import { openJudges } from './judges.ts';
import type { JudgesOpener } from './judges-file.ts';
import { openHttpHooks } from './outbound.ts';
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
} from './worker-life.ts';

/** A request mostly waits for its target: it takes a socket and little CPU time. */
const defaultConcurrency = 64;
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
  const halfOf = (concurrency: number) => Math.min(mostAtOnce.tenant, Math.floor(concurrency / 2));
  const { concurrency, tenantCap } = readSlots(args, mostAtOnce.all, defaultConcurrency, halfOf);
  const address = readProbeAddress(args);
  // Shadow hooks run in half of what this worker takes, and leave the other half of its slots.
  const most = { all: concurrency, tenant: tenantCap };
  const [http, opener] = [await openHttpHooks(most), await openJudges()];
  if (http === undefined && opener === undefined)
    throw new InvalidInputError(
      'INVALID_CONFIG',
      'HOOKPOOL_TARGETS_FILE is not set, nor HOOKPOOL_JUDGES_FILE: an outbound worker needs the file with the targets and secrets of http hooks, the one with the judges of prompt and agent hooks, or both.',
    );
  const tracing = await openTracing('hookpool-outbound', (error) => log.onError(error));
  const stop = io.stopSignal();
  const registry = openRegistry(version());
  const log = openWorkerLog(registry);
  const judges = opener && (await openQueuedJudges(opener, config, { registry, most }, log));
  const worker: QueueWorker = openOutboundWorker({
    redis: config.redis,
    queue: config.queue,
    concurrency,
    tenantCap,
    held: true,
    execute: tracedExecutor(executorOf({ http, judge: judges?.run }), config.queue, tracing),
    about: await announcement(),
    observe: tracedEnds(
      log,
      workerMetrics(registry, () => worker.stats().running),
    ),
    onError: log.onError,
  });
  try {
    const takes = `up to ${concurrency} requests at once from queue ${outboundQueueOf(config.queue)}`;
    const whyNotReady = () => undefined;
    if (!stop.aborted) await takeJobs({ worker, registry, address, takes, whyNotReady }, stop, log);
  } finally {
    await worker.close();
    await judges?.close();
    await tracing?.close();
    await log.close();
  }
  return exitCodes.ok;
}

interface QueuedJudges {
  readonly run: JudgeRunner;
  readonly close: () => Promise<void>;
}

/**
 * Judges whose tools are scripts of the queue of the workers with sandboxes.
 * @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis cannot be reached at the start
 */
async function openQueuedJudges(
  judges: JudgesOpener,
  { redis, queue }: Config,
  { registry, most }: { readonly registry: Registry; readonly most: Most },
  { err, onError }: WorkerLog,
): Promise<QueuedJudges> {
  const runner = await openQueueRunner({ redis, queue, onError });
  const parts = {
    most,
    runScript: runner.runScript,
    projectOf: queuedProjects(() => runner.abouts()),
    ...judgeMetrics(registry),
    onRest: (judge: string, restMs: number, why: string) =>
      err(`hookpool: the judge ${judge} is not asked for ${Math.ceil(restMs / 1000)} s: ${why}\n`),
    onSpent: (judge: string, _tenant: string, why: string) =>
      err(`hookpool: the judge ${judge} was not asked: ${why} Told once an hour.\n`),
  };
  const place = { redis: runner.redis, queue };
  const shared = {
    counts: new RedisSpending(place),
    cache: new RedisVerdicts(place),
    places: new RedisJudgePlaces(place),
  };
  const run = judges(parts, shared);
  return { run, close: () => runner.close() };
}

/**
 * Whether an event has a project for the judges' tools: known where a worker with sandboxes says that
 * it may read folders. This worker looks no path up.
 */
export function queuedProjects(
  abouts: () => readonly (string | undefined)[],
): JudgeHooksOptions['projectOf'] {
  return async (cwd) => {
    if (!abouts().some((text) => parseAbout(text)?.workspaces === true)) return undefined;
    if (cwd !== undefined && cwd !== '') return { cwd };
    return { missing: 'The event names no folder in which the agent works.', isNamed: false };
  };
}

/** The hooks of kinds for which the worker has no file count as their failMode. */
export function executorOf({
  http,
  judge,
}: {
  readonly http: HttpRunner | undefined;
  readonly judge: JudgeRunner | undefined;
}): OutboundExecutor {
  return async (job, signal, call) => {
    const { dialect, hook } = job;
    const { action } = hook;
    if (action.kind === 'http')
      return http === undefined
        ? decide(dialect, hook, lacking('HOOKPOOL_TARGETS_FILE'))
        : http({ ...job, hook: { ...hook, action } }, signal, call);
    return judge === undefined
      ? decide(dialect, hook, lacking('HOOKPOOL_JUDGES_FILE'))
      : judge({ ...job, hook: { ...hook, action } }, signal, call);
  };
}

function tracedExecutor(
  execute: OutboundExecutor,
  queue: string,
  tracing: Tracing | undefined,
): OutboundExecutor {
  if (tracing === undefined) return execute;
  return (job, signal, call) =>
    tracing.job(outboundQueueOf(queue), job, { trace: call.trace }, (trace) =>
      execute(job, signal, { ...call, trace }),
    );
}

function lacking(variable: string): Failure {
  const message = `The outbound worker that took this hook has no ${variable}: all outbound workers of a queue need the same files.`;
  return { code: 'HOOK_TYPE_UNSUPPORTED', message };
}
