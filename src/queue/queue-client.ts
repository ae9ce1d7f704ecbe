/**
 * The dispatcher's side of the queue: adds jobs and waits for their outcomes. Each process has one
 * BullMQ queue, one connection for results and one map of pending jobs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { settlesWithin } from '../deadline.ts';
import { abortedError, messageOf } from '../errors.ts';
import { failureOf } from '../protocol/decision.ts';
import type { Priority } from '../protocol/job.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import { connect, type RedisClient, type RedisSettings, untilReady } from '../redis/connection.ts';
import { defaultQueueName, keyPrefix } from '../redis/keys.ts';
import type { JobMessage } from '../wire/job-message.ts';
import type { OutboundMessage } from '../wire/outbound-message.ts';
import type { RunMessage } from '../wire/run-message.ts';
import type { StoredJobMessage } from '../wire/stored-job.ts';
import { JobExpiry } from './job-expiry.ts';
import { estimateWaitMs, type Load } from './load.ts';
import { failed, type Outcome } from './outcome.ts';
import { type PendingJob, PendingJobs } from './pending.ts';
import { ResultListener } from './results.ts';
import { expireAfterBudgetMs, keepFinished } from './retention.ts';
import { sandboxRole, type WorkerRole } from './role.ts';
import { traceOption } from './trace-option.ts';
import { Watch } from './watch.ts';

export interface QueueClientOptions {
  readonly redis: RedisSettings;
  /** Default: hooks. */
  readonly queue?: string;
  /** Called with errors that cost no caller an answer: lost connections, late events. */
  readonly onError?: (error: Error) => void;
  /** Of the queue's workers. Default: sandbox workers. */
  readonly role?: WorkerRole;
}

export interface QueueClientStats extends Load {
  /** Jobs that this process waits for. */
  readonly pending: number;
  readonly connected: boolean;
}

/** A message and what QueueClient needs to queue it. */
export interface Entry {
  /** Equal for equal work: callers that send the same id at the same time share one outcome. */
  readonly id: string;
  /** BullMQ's name of the job, for people who inspect the queue. */
  readonly name: string;
  readonly message: Message;
  readonly priority: Priority;
  /** Whether the worker of its first attempt was lost. */
  readonly apart: boolean;
  /** The trace of the first caller. */
  readonly trace?: TraceContext | undefined;
}

type Message = JobMessage | StoredJobMessage | RunMessage | OutboundMessage;

const maxPriority = 2_000_000;
/** Milliseconds that close() waits for BullMQ while Redis is away. */
const lastWordsMs = 1_000;
/** Larger jobs are removed from Redis as soon as their result has arrived, to save its memory. */
const largeMessage = 64 << 10;
/**
 * Delay before each attempt to remove a large job; a job that remains after the last attempt
 * expires by itself.
 */
const removeAfterMs = [5, 50, 500] as const;

export class QueueClient {
  /** A connection that fails fast; the stores and the decision record share it. */
  readonly redis: RedisClient;
  readonly #queue: Queue;
  readonly #results: ResultListener;
  readonly #pending = new PendingJobs();
  readonly #watch: Watch;
  readonly #books: JobExpiry;
  #closed = false;

  constructor(options: QueueClientOptions) {
    const { redis, queue = defaultQueueName, onError = () => undefined } = options;
    this.redis = connect(redis, 'producer', onError);
    this.#queue = new Queue(queue, {
      connection: this.redis,
      prefix: keyPrefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    const promote = async (id: string) => (await this.#queue.getJob(id))?.promote();
    const remove = (id: string) => this.#remove(id);
    this.#watch = new Watch({
      redis: this.redis,
      queue,
      role: options.role ?? sandboxRole,
      pending: this.#pending,
      onError,
      promote,
      remove,
    });
    const onDone = (job: PendingJob) => {
      if (this.#pending.get(job.id) === job) this.#watch.ask([job]);
    };
    this.#books = new JobExpiry({ redis: this.redis, queue, onDone });
    this.#queue.on('error', onError);
    const onGap = () => this.#watch.ask(this.#pending.all());
    this.#results = new ResultListener({ redis, queue, pending: this.#pending, onError, onGap });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether no worker takes jobs; false while Redis does not tell. */
  get isDeserted(): boolean {
    return this.#watch.isDeserted;
  }

  /** What each living worker tells of itself, as WorkerState has it; undefined: not known. */
  abouts(): readonly (string | undefined)[] {
    return this.#watch.abouts;
  }

  stats(): QueueClientStats {
    return {
      ...this.#watch.load,
      pending: this.#pending.size,
      connected: this.redis.status === 'ready',
    };
  }

  /** @throws UnavailableError `QUEUE_UNAVAILABLE` */
  async ready(timeoutMs: number): Promise<void> {
    await untilReady(this.redis, timeoutMs);
    await this.#results.listening;
    await this.#watch.start();
  }

  /** Waits up to `timeoutMs` for a lost connection to come back. Never rejects. */
  async reconnected(timeoutMs: number): Promise<void> {
    await untilReady(this.redis, timeoutMs).catch(() => undefined);
  }

  /**
   * Never rejects. An abort settles the call at once; the job leaves the queue when its last
   * waiting caller aborts.
   */
  async send(entry: Entry, signal: AbortSignal): Promise<Outcome> {
    if (this.#closed) return closing;
    const rank = this.#pending.ofTenant(entry.message.tenant) + 1;
    const shared = this.#pending.get(entry.id);
    if (shared !== undefined) return this.#wait(shared, signal);
    const { budgetMs } = entry.message;
    const waitMs =
      entry.priority === 'urgent'
        ? 0
        : estimateWaitMs(this.#watch.load, rank, this.#pending.counts());
    if (waitMs > budgetMs) {
      const text = `The wait is estimated at ${Math.ceil(waitMs)} ms; the evaluation has ${Math.floor(budgetMs)} ms left.`;
      return failed('OVERLOADED', text);
    }
    return this.#wait(await this.#add(entry, rank), signal);
  }

  /** Settles pending jobs with `SHUTTING_DOWN` and disconnects from Redis. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const job of this.#pending.all()) job.settle(closing);
    this.#books.flush();
    await this.#watch.stop();
    // Without a connection to Redis, BullMQ's close() would wait for one.
    await settlesWithin(lastWordsMs, this.#queue.close());
    this.#results.close();
    this.redis.disconnect();
  }

  async #add(entry: Entry, rank: number): Promise<PendingJob> {
    const { id, name, message, priority, apart, trace } = entry;
    const pending = this.#pending.add({ id, tenant: message.tenant, apart });
    try {
      await this.#queue.add(name, message, {
        jobId: id,
        attempts: 1,
        // Tenants take turns: the n-th job of one tenant comes before the n+1-th of any other.
        priority: priority === 'urgent' ? 1 : Math.min(rank + 1, maxPriority),
        timestamp: Math.round(this.#watch.clock.now()),
        removeOnComplete: keepFinished,
        removeOnFail: keepFinished,
        ...traceOption(trace),
      });
      this.#books.enter(pending, Math.ceil(message.budgetMs) + expireAfterBudgetMs);
    } catch (error) {
      const text = `The queue cannot be reached: ${messageOf(error)}`;
      pending.settle({ ...failed('QUEUE_UNAVAILABLE', text), isAdded: false });
      return pending;
    }
    if (lengthOf(message) > largeMessage) void pending.outcome.then(() => this.#removeFinished(id));
    return pending;
  }

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
    const outcome = { failure: failureOf(abortedError(signal)) };
    if (pending.waiters === 0) {
      pending.settle(outcome);
      void this.#remove(pending.id);
    }
    return outcome;
  }

  /**
   * Tries several times, because a worker publishes a result before BullMQ stores the end of the
   * job.
   */
  async #removeFinished(id: string): Promise<void> {
    for (const ms of removeAfterMs) {
      await sleep(ms, undefined, { ref: false });
      if (this.#closed || (await this.#remove(id))) return;
    }
  }

  /** Removes a job that no worker holds. A job that a worker holds ends by its own budget. */
  async #remove(id: string): Promise<boolean> {
    return (await this.#queue.remove(id).catch(() => 0)) === 1;
  }
}

const closing = failed('SHUTTING_DOWN', 'The dispatcher is closing.');

function lengthOf(message: Message): number {
  if ('stdin' in message) return message.stdin.length;
  if ('kind' in message) return message.context.length;
  const { transcript, stateBase64 } = message;
  const context = 'context' in message ? message.context.length : 0;
  return context + (transcript?.length ?? 0) + (stateBase64?.length ?? 0);
}
