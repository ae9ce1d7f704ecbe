/**
 * The dispatcher's end of the queue: puts jobs into the line and waits for what comes of them. One
 * BullMQ queue, one event connection and one map per process.
 */
import { Queue, QueueEvents } from 'bullmq';
import { within } from '../deadline.ts';
import { messageOf } from '../errors.ts';
import type { JobMessage, Priority } from '../protocol/wire/job-message.ts';
import type { RunMessage } from '../protocol/wire/run-message.ts';
import { type BullConnection, bullConnection, connect, type RedisClient, type RedisSettings, untilReady } from './connection.ts';
import { bullKey, defaultQueueName, keyPrefix } from './keys.ts';
import { estimateWaitMs, type Load } from './load.ts';
import { failed, type Outcome, readFailedReason } from './outcome.ts';
import { type PendingJob, PendingJobs } from './pending.ts';
import { eventsKept, expireAfterBudgetMs, keepFinished } from './retention.ts';
import { Watch } from './watch.ts';

export interface JobLineOptions {
  readonly redis: RedisSettings;
  /** Default: hooks. */
  readonly queue?: string;
  /** Hears of errors that cost nobody an answer: lost connections, late events. */
  readonly onError?: (error: Error) => void;
}

export interface JobLineStats extends Load {
  /** Jobs that this process waits for. */
  readonly pending: number;
  readonly connected: boolean;
}

/** A message and what the line has to know about it. */
export interface Entry {
  /** Equal for equal work: whoever sends it twice at once gets one outcome. */
  readonly id: string;
  /** For people who look into the queue. */
  readonly name: string;
  readonly message: JobMessage | RunMessage;
  readonly priority: Priority;
  readonly scriptHash: string;
}

const maxPriority = 2_000_000;
/** What closing may take while Redis is away. */
const lastWordsMs = 1_000;
/** Larger jobs are removed as soon as their answer is here: Redis is not their archive. */
const largeMessage = 64 << 10;

export class JobLine {
  /** Fails fast. Also for what else is kept in Redis. */
  readonly redis: RedisClient;
  readonly #name: string;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #eventConnection: BullConnection;
  readonly #pending = new PendingJobs();
  readonly #watch: Watch;
  #closed = false;

  constructor({ redis, queue = defaultQueueName, onError = () => undefined }: JobLineOptions) {
    this.#name = queue;
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

  get closed(): boolean {
    return this.#closed;
  }

  stats(): JobLineStats {
    return { ...this.#watch.load, pending: this.#pending.size, connected: this.redis.status === 'ready' };
  }

  /** @throws UnavailableError `QUEUE_UNAVAILABLE` */
  async ready(timeoutMs: number): Promise<void> {
    await untilReady(this.redis, timeoutMs);
    await this.#events.waitUntilReady();
    await this.#watch.start();
  }

  /** Waits for a lost connection to come back, for a while. */
  async reconnected(timeoutMs: number): Promise<void> {
    await untilReady(this.redis, timeoutMs).catch(() => undefined);
  }

  /** Never rejects. An abort answers at once; the last caller to leave takes the job out of the line. */
  async send(entry: Entry, signal: AbortSignal): Promise<Outcome> {
    if (this.#closed) return closing;
    const rank = this.#pending.ofTenant(entry.message.tenant) + 1;
    const shared = this.#pending.get(entry.id);
    if (shared !== undefined) return this.#wait(shared, signal);
    const { budgetMs } = entry.message;
    const waitMs = entry.priority === 'urgent' ? 0 : estimateWaitMs(this.#watch.load, rank, this.#pending.counts());
    if (waitMs > budgetMs) {
      const text = `The wait is estimated at ${Math.ceil(waitMs)} ms; the evaluation has ${Math.floor(budgetMs)} ms left.`;
      return failed('OVERLOADED', text);
    }
    return this.#wait(await this.#add(entry, rank), signal);
  }

  /** Answers what is pending with failMode and lets go of Redis. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const job of this.#pending.all()) job.settle(closing);
    await this.#watch.stop();
    // Cut off from Redis, BullMQ would wait for it.
    const closed = Promise.allSettled([this.#events.close(), this.#queue.close()]);
    if (!(await within(lastWordsMs, closed))) await within(lastWordsMs, this.#events.disconnect());
    this.#eventConnection.close();
    this.redis.disconnect();
  }

  async #add({ id, name, message, priority, scriptHash }: Entry, rank: number): Promise<PendingJob> {
    const pending = this.#pending.add({ id, tenant: message.tenant, scriptHash });
    try {
      await this.#queue.add(name, message, {
        jobId: id,
        attempts: 1,
        // Tenants take turns: the n-th job of one comes before the n+1-th of any other.
        priority: priority === 'urgent' ? 1 : Math.min(rank + 1, maxPriority),
        timestamp: Math.round(this.#watch.clock.now()),
        removeOnComplete: keepFinished,
        removeOnFail: keepFinished,
      });
      const endMs = Math.ceil(message.budgetMs) + expireAfterBudgetMs;
      void this.redis.pexpire(bullKey(this.#name, id), endMs).catch(() => undefined);
    } catch (error) {
      pending.settle(failed('QUEUE_UNAVAILABLE', `The queue cannot be reached: ${messageOf(error)}`));
      return pending;
    }
    if (lengthOf(message) > largeMessage) void pending.outcome.then(() => this.#remove(id));
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
    const outcome = failed('DEADLINE', 'The time for this evaluation was over.');
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
    // Event types promise a string; it is the value, parsed from JSON.
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#pending.get(jobId)?.settle({ returned: returnvalue }));
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

const closing = failed('SHUTTING_DOWN', 'The dispatcher is closing.');

function lengthOf(message: JobMessage | RunMessage): number {
  if ('kind' in message) return message.stdin.length;
  return message.context.length + (message.transcript?.length ?? 0);
}
