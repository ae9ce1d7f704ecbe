/**
 * The dispatcher's end of the queue: one BullMQ job per call, one event connection and one map per
 * process. Every call is answered; what the queue could not do counts as the hook's failMode.
 */
import { Queue, QueueEvents } from 'bullmq';
import { HookpoolError, messageOf } from '../errors.ts';
import { decide } from '../protocol/decide.ts';
import type { Failure, FailureCode, HookResult } from '../protocol/decision.ts';
import { type Job, promptHookFailure } from '../protocol/job.ts';
import { type Envelope, type JobMessage, type Priority, toJobMessage } from '../protocol/wire/job-message.ts';
import { type BullConnection, bullConnection, connect, type RedisClient, type RedisSettings, untilReady } from './connection.ts';
import { defaultQueueName, hashOf, jobIdOf, keyPrefix } from './keys.ts';
import { estimateWaitMs, type Load } from './load.ts';
import { readFailedReason, readReturnValue } from './outcome.ts';
import { type Outcome, type PendingJob, PendingJobs } from './pending.ts';
import { scriptHash } from './poison.ts';
import { Watch } from './watch.ts';
import { within } from './within.ts';

export interface QueueRunnerOptions {
  readonly redis: RedisSettings;
  /** Default: hooks. */
  readonly queue?: string;
  /** Milliseconds that Redis may take to be there at the start. */
  readonly readyTimeoutMs?: number;
  /** Hears of errors that cost nobody an answer: lost connections, late events. */
  readonly onError?: (error: Error) => void;
}

/** What a call says beside its job; the dispatcher's RunCall. */
export interface QueueCall {
  readonly evaluationId: string;
  readonly budgetMs: number;
  readonly priority: Priority;
}

export interface QueueRunnerStats extends Load {
  /** Jobs that this process waits for. */
  readonly pending: number;
  readonly connected: boolean;
}

const attempts = 2;
/** Another worker may do better; the script has not run, or its worker died under it. */
const retriedElsewhere: ReadonlySet<string> = new Set<FailureCode>([
  'QUEUE_UNAVAILABLE',
  'WORKER_LOST',
  'SHUTTING_DOWN',
  'ENGINE_DOWN',
  'ENGINE_TIMEOUT',
  'IMAGE_MISSING',
]);
/** With less time than this left, a second attempt only adds load. */
const worthRetryingMs = 50;
/** How long a retry waits for a lost connection to come back. */
const reconnectMs = 1_000;
const defaultSlackMs = 2_000;
const maxPriority = 2_000_000;
/** What closing may take while Redis is away. */
const lastWordsMs = 1_000;
/** Finished jobs stay so long, and so many, for those who missed the event. */
const keep = { age: 60, count: 1_000 };
const eventsKept = 2_000;
/** Larger jobs are removed as soon as their answer is here: Redis is not their archive. */
const largeMessage = 64 << 10;

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not there at the start. */
export async function openQueueRunner(options: QueueRunnerOptions): Promise<QueueRunner> {
  const runner = new QueueRunner(options);
  try {
    await runner.ready(options.readyTimeoutMs ?? 5_000);
    return runner;
  } catch (error) {
    await runner.close();
    throw error;
  }
}

export class QueueRunner {
  /** For what else is kept in Redis: the decision record. Fails fast. */
  readonly redis: RedisClient;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #eventConnection: BullConnection;
  readonly #pending = new PendingJobs();
  readonly #watch: Watch;
  #closed = false;

  constructor({ redis, queue = defaultQueueName, onError = () => undefined }: QueueRunnerOptions) {
    this.redis = connect(redis, 'producer', onError);
    this.#eventConnection = bullConnection(redis, onError);
    this.#queue = new Queue(queue, {
      connection: this.redis,
      prefix: keyPrefix,
      streams: { events: { maxLen: eventsKept } },
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    this.#events = new QueueEvents(queue, { connection: this.#eventConnection.connection, prefix: keyPrefix });
    const promote = async (id: string) => (await this.#queue.getJob(id))?.promote();
    this.#watch = new Watch({ redis: this.redis, queue, pending: this.#pending, onError, promote });
    this.#queue.on('error', onError);
    this.#events.on('error', onError);
    this.#listen();
  }

  /** A dispatcher's Runner. Never rejects. */
  readonly run = async (job: Job, signal: AbortSignal, call?: QueueCall): Promise<HookResult> => {
    const started = performance.now();
    const budgetMs = call?.budgetMs ?? job.hook.timeoutMs + defaultSlackMs;
    const evaluationId = call?.evaluationId ?? crypto.randomUUID();
    const failed = (failure: Failure) =>
      decide(job.dialect, job.hook, failure, { leaseMs: 0, runMs: 0, totalMs: performance.now() - started });
    if (job.hook.script === null) return failed(promptHookFailure);
    for (let attempt = 1; ; attempt++) {
      const remainingMs = budgetMs - (performance.now() - started);
      const envelope = { evaluationId, attempt, budgetMs: remainingMs, priority: call?.priority ?? 'normal' } as const;
      const outcome = await this.#attempt(job, signal, envelope);
      const leftMs = budgetMs - (performance.now() - started);
      const again =
        attempt < attempts && isWorthRetrying(outcome) && leftMs > worthRetryingMs && !signal.aborted && !this.#closed;
      if (!again) return 'result' in outcome ? outcome.result : failed(outcome.failure);
      await untilReady(this.redis, Math.min(reconnectMs, leftMs / 2)).catch(() => undefined);
    }
  };

  stats(): QueueRunnerStats {
    return { ...this.#watch.load, pending: this.#pending.size, connected: this.redis.status === 'ready' };
  }

  /** @throws UnavailableError `QUEUE_UNAVAILABLE` */
  async ready(timeoutMs: number): Promise<void> {
    await untilReady(this.redis, timeoutMs);
    await this.#events.waitUntilReady();
    await this.#watch.start();
  }

  /** Answers what is pending with failMode and lets go of Redis. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const job of this.#pending.all()) job.settle(failure('SHUTTING_DOWN', 'The dispatcher is closing.'));
    await this.#watch.stop();
    // Cut off from Redis, BullMQ would wait for it.
    const closed = Promise.allSettled([this.#events.close(), this.#queue.close()]);
    if (!(await within(lastWordsMs, closed))) await within(lastWordsMs, this.#events.disconnect());
    this.#eventConnection.close();
    this.redis.disconnect();
  }

  async #attempt(job: Job, signal: AbortSignal, envelope: Envelope & { priority: Priority }): Promise<Outcome> {
    if (this.#closed) return failure('SHUTTING_DOWN', 'The dispatcher is closing.');
    try {
      const message = toJobMessage(job, envelope);
      const { evaluationId, attempt } = envelope;
      const { name, event, runtime, source } = message.hook;
      const parts = [job.tenant, evaluationId, name, event, runtime, source, String(attempt)];
      const id = jobIdOf(...parts, hashOf(job.context));
      const shared = this.#pending.get(id);
      return await this.#wait(shared ?? (await this.#add(id, message)), signal);
    } catch (error) {
      if (error instanceof HookpoolError && error.code === 'INVALID_JOB') return failure('INVALID_JOB', error.message);
      if (error instanceof OverloadedError) return failure('OVERLOADED', error.message);
      return failure('QUEUE_UNAVAILABLE', `The queue cannot be reached: ${messageOf(error)}`);
    }
  }

  async #add(id: string, message: JobMessage): Promise<PendingJob> {
    const { tenant, priority, budgetMs } = message;
    const rank = this.#pending.ofTenant(tenant) + 1;
    const waitMs = priority === 'urgent' ? 0 : estimateWaitMs(this.#watch.load, rank, this.#pending.counts());
    if (waitMs > budgetMs) throw new OverloadedError(waitMs, budgetMs);
    const pending = this.#pending.add({ id, hook: message.hook.name, tenant, scriptHash: scriptHash(message.hook) });
    try {
      await this.#queue.add(message.hook.name, message, {
        jobId: id,
        attempts: 1,
        // Tenants take turns: the n-th job of one comes before the n+1-th of any other.
        priority: priority === 'urgent' ? 1 : Math.min(rank + 1, maxPriority),
        timestamp: Math.round(this.#watch.clock.now()),
        removeOnComplete: keep,
        removeOnFail: keep,
      });
    } catch (error) {
      pending.settle(failure('QUEUE_UNAVAILABLE', `The queue cannot be reached: ${messageOf(error)}`));
      return pending;
    }
    if (message.context.length + (message.transcript?.length ?? 0) > largeMessage) {
      void pending.outcome.then(() => this.#remove(id));
    }
    return pending;
  }

  /** An abort answers at once; the last caller to leave takes the job out of the line. */
  async #wait(pending: PendingJob, signal: AbortSignal): Promise<Outcome> {
    pending.waiters++;
    let leave: () => void = () => undefined;
    const aborted = new Promise<'aborted'>((resolve) => {
      leave = () => resolve('aborted');
      signal.addEventListener('abort', leave);
      if (signal.aborted) leave();
    });
    const first = await Promise.race([pending.outcome, aborted]);
    signal.removeEventListener('abort', leave);
    pending.waiters--;
    if (first !== 'aborted') return first;
    const outcome = failure('DEADLINE', 'The time for this evaluation was over.');
    if (pending.waiters === 0) {
      pending.settle(outcome);
      void this.#remove(pending.id);
    }
    return outcome;
  }

  /** Works for jobs that no worker holds; for the others their own budget does the rest. */
  async #remove(id: string): Promise<void> {
    await this.#queue.remove(id).catch(() => undefined);
  }

  #listen(): void {
    this.#events.on('active', ({ jobId }) => {
      const job = this.#pending.get(jobId);
      if (job !== undefined) job.active = true;
    });
    this.#events.on('completed', ({ jobId, returnvalue }) => {
      const job = this.#pending.get(jobId);
      job?.settle(readReturnValue(returnvalue, job.hook));
    });
    this.#events.on('failed', ({ jobId, failedReason }) => this.#pending.get(jobId)?.settle(readFailedReason(failedReason)));
    // The same job was there before: it may be done already, and no event will say so.
    this.#events.on('duplicated', ({ jobId }) => {
      const job = this.#pending.get(jobId);
      if (job !== undefined) this.#watch.ask([job]);
    });
    // Events of the gap are lost.
    this.#events.getBackend().on('ready', () => this.#watch.ask(this.#pending.all()));
  }
}

class OverloadedError extends Error {
  constructor(waitMs: number, budgetMs: number) {
    super(`The wait is estimated at ${Math.ceil(waitMs)} ms; the evaluation has ${Math.floor(budgetMs)} ms left.`);
    this.name = 'OverloadedError';
  }
}

function isWorthRetrying(outcome: Outcome): boolean {
  if ('failure' in outcome) return retriedElsewhere.has(outcome.failure.code);
  const { cause } = outcome.result;
  return cause.kind === 'fail-mode' && retriedElsewhere.has(cause.code);
}

function failure(code: FailureCode, message: string): Outcome {
  return { failure: { code, message } };
}
