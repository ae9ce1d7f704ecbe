/**
 * Polls Redis twice a second for the live workers, the length of the queue and the time. Checks
 * every job that has waited for long: whether its result was missed, its worker was lost, no worker
 * takes jobs, or Redis lost it.
 */
import { asError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';
import { RedisClock } from '../redis/clock.ts';
import type { RedisClient } from '../redis/connection.ts';
import { bullKey } from '../redis/keys.ts';
import { inCheckOrder } from './check-order.ts';
import { beatMs, readRoster, type WorkerRoster } from './heartbeat.ts';
import { type Load, loadOf, unknownLoad } from './load.ts';
import { recordLoss } from './losses.ts';
import { readFailedReason } from './outcome.ts';
import type { PendingJob, PendingJobs } from './pending.ts';
import { Retention } from './retention.ts';
import type { WorkerRole } from './role.ts';

export interface WatchOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  readonly role: WorkerRole;
  readonly pending: PendingJobs;
  readonly onError: (error: Error) => void;
  /** Moves a delayed job into the queue at once. */
  readonly promote: (id: string) => Promise<void>;
  /** Removes a job that no worker holds from the queue. */
  readonly remove: (id: string) => Promise<unknown>;
}

/**
 * A job is checked when its last check is older than this; a job that seemed lost is checked at the
 * next poll.
 */
const askAfterMs = 900;
const askedAtOnce = 200;
/**
 * Number of checks in a row in which a job must seem lost: a worker's heartbeat may be late once,
 * or the job was just added.
 */
const suspicionsNeeded = 2;
/**
 * A job whose worker was lost waits longer: a service manager restarts the worker, which takes 5 s
 * on a busy machine.
 */
const lostWorkerGraceMs = 5_000;
/** The fields of BullMQ's job hash that a check reads. */
const fields = ['timestamp', 'finishedOn', 'returnvalue', 'failedReason', 'pb', 'delay'] as const;
/** BullMQ's score of a delayed job: milliseconds since 1970 times this. */
const scorePerMs = 0x1000;
/** Tolerated difference between the clocks of a worker and of Redis. */
const clockSlackMs = 100;

export class Watch {
  readonly clock = new RedisClock();
  load: Load = unknownLoad;
  readonly #options: WatchOptions;
  readonly #retention: Retention;
  #crew: WorkerRoster | undefined;
  /** Since when no worker takes jobs; undefined when one does, or when that is unknown. */
  #idleSince: number | undefined;
  /** Workers whose loss the current poll has recorded: each is recorded once per poll. */
  readonly #lost = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#retention = new Retention(options.queue);
  }

  /** Whether no worker takes jobs; false while that is unknown. */
  get isDeserted(): boolean {
    return this.#idleSince !== undefined;
  }

  /** What each living worker tells of itself; undefined: nothing, or it cannot be parsed. */
  get abouts(): readonly (string | undefined)[] {
    if (this.#crew === undefined) return [undefined];
    const { workers, unreadable } = this.#crew;
    return [...[...workers.values()].map(({ about }) => about), ...Array(unreadable.size)];
  }

  async start(): Promise<void> {
    await this.#look();
    this.#next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
    if (this.#options.redis.status === 'ready')
      await this.#retention.renewNow(this.#options.redis).catch(this.#options.onError);
  }

  /** Asks Redis about these jobs once and settles those that have finished. */
  ask(jobs: readonly PendingJob[]): void {
    void this.#askAll(jobs, false);
  }

  #next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#look().then(() => this.#next());
    }, beatMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { redis, queue, pending, onError } = this.#options;
    try {
      if (redis.status !== 'ready') throw new Error('Redis is not connected.');
      this.#learn(await readRoster(redis, queue));
      await this.#retention.renew(redis);
    } catch (error) {
      // The state is unknown: no job is refused and none is given up.
      this.#learn(undefined);
      return onError(asError(error));
    }
    this.#lost.clear();
    const before = performance.now() - askAfterMs;
    const isUrgent = (job: PendingJob) => job.suspicions > 0 || this.#isGivenUp(job);
    const due = pending.all().filter((job) => job.askedAt < before || isUrgent(job));
    await this.#askAll(inCheckOrder(due, isUrgent).slice(0, askedAtOnce));
  }

  #learn(crew: WorkerRoster | undefined): void {
    this.#crew = crew;
    this.load = crew === undefined ? unknownLoad : loadOf(crew);
    if (crew !== undefined) this.clock.set(crew.time);
    this.#idleSince =
      crew !== undefined && isIdle(crew) ? (this.#idleSince ?? performance.now()) : undefined;
  }

  /** Checks each job on its own: an error of one check does not affect the others. */
  async #askAll(jobs: readonly PendingJob[], maySuspect = true): Promise<void> {
    const { onError } = this.#options;
    await Promise.all(
      jobs.map((job) =>
        this.#ask(job, maySuspect).catch((error: unknown) => onError(asError(error))),
      ),
    );
  }

  /**
   * @param maySuspect false outside the poll: suspicions count only if a poll of the heartbeats
   * lies between them.
   */
  async #ask(job: PendingJob, maySuspect: boolean): Promise<void> {
    const { redis, queue } = this.#options;
    job.askedAt = performance.now();
    const [timestamp, finishedOn, returned, reason, worker, delay] = await redis.hmget(
      bullKey(queue, job.id),
      ...fields,
    );
    if (finishedOn != null) {
      if (reason != null) return job.settle(readFailedReason(reason));
      return job.settle({ returned: parse(returned ?? 'null') });
    }
    if (!maySuspect) return;
    if (timestamp == null) {
      this.#suspect(job, { code: 'QUEUE_UNAVAILABLE', message: 'Redis has lost the job.' });
      return;
    }
    const isHeld = worker != null && (await this.#isHeld(job));
    if (isHeld && this.#isLost(worker)) return this.#suspectWorker(job, worker);
    job.suspicions = 0;
    if (isHeld) return;
    if (this.#isGivenUp(job)) return this.#giveUp(job);
    if (Number(delay) > 0) await this.#unstrand(job, Number(delay));
  }

  #isLost(worker: string): boolean {
    const crew = this.#crew;
    return crew !== undefined && !crew.workers.has(worker) && !crew.unreadable.has(worker);
  }

  #isGivenUp({ since, apart }: PendingJob): boolean {
    const graceMs = apart ? lostWorkerGraceMs : this.#options.role.noWorkerGraceMs;
    return (
      this.#idleSince !== undefined &&
      performance.now() - Math.max(this.#idleSince, since) >= graceMs
    );
  }

  #giveUp(job: PendingJob): void {
    const { queue, role, remove, onError } = this.#options;
    job.settle({ failure: role.noWorker(queue) });
    remove(job.id).catch(onError);
  }

  /**
   * Promotes a delayed job whose due time is implausible: workers set and read it by their own
   * clocks, which may jump or differ.
   */
  async #unstrand({ id }: PendingJob, delayMs: number): Promise<void> {
    const { redis, queue, promote, onError } = this.#options;
    const score = await redis.zscore(bullKey(queue, 'delayed'), id);
    if (score === null) return;
    const dueInMs = Number(score) / scorePerMs - this.clock.now();
    if (dueInMs < -clockSlackMs || dueInMs > delayMs + clockSlackMs)
      await promote(id).catch(onError);
  }

  /** Whether a worker holds the job; a job that its worker put back is not in the active list. */
  async #isHeld(job: PendingJob): Promise<boolean> {
    return (await this.#options.redis.lpos(bullKey(this.#options.queue, 'active'), job.id)) != null;
  }

  /**
   * Records the loss before the job is retried, so that the outcome of the retry comes after it.
   */
  #suspectWorker(job: PendingJob, worker: string): void {
    const { redis, queue, role, onError } = this.#options;
    const message = `Worker ${worker} has fallen silent, or did not answer for 15 s, while it ran the script.`;
    const isSettled = this.#suspect(job, { code: 'WORKER_LOST', message });
    if (role.countsLosses && isSettled && !this.#lost.has(worker)) {
      this.#lost.add(worker);
      recordLoss(redis, queue, worker).catch(onError);
    }
  }

  /**
   * Counts a suspicion. @returns whether it was the last one needed, so that the job was settled
   */
  #suspect(job: PendingJob, failure: Failure): boolean {
    if (++job.suspicions < suspicionsNeeded) return false;
    job.settle({ failure });
    return true;
  }
}

/** Whether no worker takes jobs. A worker whose heartbeat cannot be parsed may take some. */
function isIdle({ workers, unreadable }: WorkerRoster): boolean {
  return (
    unreadable.size === 0 && ![...workers.values()].some((one) => one.capacity > 0 || one.starting)
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
