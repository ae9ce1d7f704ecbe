/**
 * Twice a second: who works, how long is the line, what time is it in Redis; and about every job that
 * waits for long, whether its result was missed, its worker died, or Redis lost it.
 */
import { asError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';
import type { RedisClient } from './connection.ts';
import { beatMs, type Crew, readCrew } from './heartbeat.ts';
import { bullKey } from './keys.ts';
import { type Load, loadOf, unknownLoad } from './load.ts';
import { readFailedReason } from './outcome.ts';
import type { PendingJob, PendingJobs } from './pending.ts';
import { countLostWorker } from './poison.ts';
import { RedisClock } from './redis-clock.ts';
import { Retention } from './retention.ts';

export interface WatchOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  readonly pending: PendingJobs;
  readonly onError: (error: Error) => void;
  /** Puts a delayed job in line at once. */
  readonly promote: (id: string) => Promise<void>;
}

/** A job is asked about when nothing was heard of it for so long. */
const askAfterMs = 900;
const askedAtOnce = 200;
/** So often in a row a job must look lost: a worker's beat may be late once, a job added a moment ago. */
const suspicionsNeeded = 2;
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
    void this.#askAll(jobs, false).catch(this.#options.onError);
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
      this.#crew = await readCrew(redis, queue);
      this.clock.set(this.#crew.time);
      this.load = loadOf(this.#crew);
      await this.#retention.renew(redis);
      const before = performance.now() - askAfterMs;
      await this.#askAll(
        pending
          .all()
          .filter((job) => job.askedAt < before)
          .slice(0, askedAtOnce),
      );
    } catch (error) {
      // Nothing is known: nobody is refused and nobody is given up.
      this.#crew = undefined;
      this.load = unknownLoad;
      onError(asError(error));
    }
  }

  async #askAll(jobs: readonly PendingJob[], maySuspect = true): Promise<void> {
    await Promise.all(jobs.map((job) => this.#ask(job, maySuspect)));
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
    if (timestamp == null) return this.#suspect(job, { code: 'QUEUE_UNAVAILABLE', message: 'Redis has lost the job.' });
    const lost = worker != null && this.#crew !== undefined && !this.#crew.workers.has(worker) && (await this.#isHeld(job));
    if (!lost) {
      job.suspicions = 0;
      if (Number(delay) > 0) await this.#unstrand(job, Number(delay));
      return;
    }
    this.#suspect(job, { code: 'WORKER_LOST', message: `Worker ${worker} has fallen silent while it ran the script.` });
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

  #suspect(job: PendingJob, failure: Failure): void {
    if (++job.suspicions < suspicionsNeeded) return;
    const { redis, onError } = this.#options;
    if (failure.code === 'WORKER_LOST') countLostWorker(redis, job.scriptHash).catch(onError);
    job.settle({ failure });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
