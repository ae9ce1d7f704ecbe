/**
 * Twice a second: who works, how long is the line, what time is it in Redis; and about every job that
 * waits for long, whether its result was missed, its worker died, nobody works, or Redis lost it.
 */
import { asError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';
import { RedisClock } from '../redis/clock.ts';
import type { RedisClient } from '../redis/connection.ts';
import { bullKey } from '../redis/keys.ts';
import { beatMs, type Crew, readCrew } from './heartbeat.ts';
import { type Load, loadOf, unknownLoad } from './load.ts';
import { recordLoss } from './losses.ts';
import { noWorker, readFailedReason } from './outcome.ts';
import type { PendingJob, PendingJobs } from './pending.ts';
import { Retention } from './retention.ts';

export interface WatchOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  readonly pending: PendingJobs;
  readonly onError: (error: Error) => void;
  /** Puts a delayed job in line at once. */
  readonly promote: (id: string) => Promise<void>;
  /** Takes a job that nobody holds out of the line. */
  readonly remove: (id: string) => Promise<unknown>;
}

/** A job is asked about when nothing was heard of it for so long; one that looked lost, at the next look. */
const askAfterMs = 900;
const askedAtOnce = 200;
/** So often in a row a job must look lost: a worker's beat may be late once, a job added a moment ago. */
const suspicionsNeeded = 2;
/**
 * Where no worker lives a job waits so long for one. One that starts sends its first beat after 0.7 s, and after 2 to
 * 3 s on a busy machine; one that lost its connection tries again within 1 s. An agent that waits has 25 s in all.
 */
const noWorkerGraceMs = 3_000;
/** A job whose worker was lost waits longer: a service manager starts the worker anew, in 5 s on a busy machine. */
const lostWorkerGraceMs = 5_000;
/** What BullMQ stores in the hash of a job. */
const fields = ['timestamp', 'finishedOn', 'returnvalue', 'failedReason', 'pb', 'delay'] as const;
/** BullMQ's score of a delayed job: milliseconds since 1970 times this. */
const scorePerMs = 0x1000;
/** How far the clocks of a worker and of Redis may be apart in peace. */
const clockSlackMs = 100;

export class Watch {
  readonly clock = new RedisClock();
  load: Load = unknownLoad;
  readonly #options: WatchOptions;
  readonly #retention: Retention;
  #crew: Crew | undefined;
  /** Since when nobody takes jobs, as far as that is known. */
  #idleSince: number | undefined;
  /** Lost workers, each counted once in a look. */
  readonly #lost = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#retention = new Retention(options.queue);
  }

  async start(): Promise<void> {
    await this.#look();
    this.#next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
    if (this.#options.redis.status === 'ready') await this.#retention.renewNow(this.#options.redis).catch(this.#options.onError);
  }

  /** Asks Redis about these jobs once and settles those that are over. */
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
      this.#learn(await readCrew(redis, queue));
      await this.#retention.renew(redis);
    } catch (error) {
      // Nothing is known: nobody is refused and nobody is given up.
      this.#learn(undefined);
      return onError(asError(error));
    }
    this.#lost.clear();
    const before = performance.now() - askAfterMs;
    const due = pending.all().filter((job) => job.askedAt < before || job.suspicions > 0 || this.#isGivenUp(job));
    await this.#askAll(due.slice(0, askedAtOnce));
  }

  #learn(crew: Crew | undefined): void {
    this.#crew = crew;
    this.load = crew === undefined ? unknownLoad : loadOf(crew);
    if (crew !== undefined) this.clock.set(crew.time);
    this.#idleSince = crew !== undefined && isIdle(crew) ? (this.#idleSince ?? performance.now()) : undefined;
  }

  /** What Redis says of one job, or fails to say, is nothing to the others. */
  async #askAll(jobs: readonly PendingJob[], maySuspect = true): Promise<void> {
    const { onError } = this.#options;
    await Promise.all(jobs.map((job) => this.#ask(job, maySuspect).catch((error: unknown) => onError(asError(error)))));
  }

  /** @param maySuspect suspicions only count where a beat lies between them. */
  async #ask(job: PendingJob, maySuspect: boolean): Promise<void> {
    const { redis, queue } = this.#options;
    job.askedAt = performance.now();
    const [timestamp, finishedOn, returned, reason, worker, delay] = await redis.hmget(bullKey(queue, job.id), ...fields);
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
    const graceMs = apart ? lostWorkerGraceMs : noWorkerGraceMs;
    return this.#idleSince !== undefined && performance.now() - Math.max(this.#idleSince, since) >= graceMs;
  }

  #giveUp(job: PendingJob): void {
    const { queue, remove, onError } = this.#options;
    job.settle({ failure: noWorker(queue) });
    remove(job.id).catch(onError);
  }

  /** Workers put jobs back, and take them up again, by clocks of their own, which may jump or differ. */
  async #unstrand({ id }: PendingJob, delayMs: number): Promise<void> {
    const { redis, queue, promote, onError } = this.#options;
    const score = await redis.zscore(bullKey(queue, 'delayed'), id);
    if (score === null) return;
    const dueInMs = Number(score) / scorePerMs - this.clock.now();
    if (dueInMs < -clockSlackMs || dueInMs > delayMs + clockSlackMs) await promote(id).catch(onError);
  }

  /** A job that its worker has put back into the line is nobody's. */
  async #isHeld(job: PendingJob): Promise<boolean> {
    return (await this.#options.redis.lpos(bullKey(this.#options.queue, 'active'), job.id)) != null;
  }

  /** The loss is recorded before the job is tried again: what the retry shows comes after it. */
  #suspectWorker(job: PendingJob, worker: string): void {
    const { redis, queue, onError } = this.#options;
    const message = `Worker ${worker} has fallen silent, or did not answer for 15 s, while it ran the script.`;
    if (this.#suspect(job, { code: 'WORKER_LOST', message }) && !this.#lost.has(worker)) {
      this.#lost.add(worker);
      recordLoss(redis, queue, worker).catch(onError);
    }
  }

  /** @returns whether that was enough to give the job up */
  #suspect(job: PendingJob, failure: Failure): boolean {
    if (++job.suspicions < suspicionsNeeded) return false;
    job.settle({ failure });
    return true;
  }
}

/** Nobody takes jobs. A worker whose heartbeat cannot be read may well take some. */
function isIdle({ workers, unreadable }: Crew): boolean {
  return unreadable.size === 0 && ![...workers.values()].some((one) => one.capacity > 0 || one.starting);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
