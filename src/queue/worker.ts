/**
 * The worker's side of the queue: takes jobs, runs them with the given functions and returns
 * results. It survives outages of Redis: it works again as soon as Redis does.
 */
import { setMaxListeners } from 'node:events';
import os from 'node:os';
import {
  type Job as BullJob,
  type Worker as BullWorker,
  DelayedError,
  UnrecoverableError,
} from 'bullmq';
import { settlesWithin } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import { RedisClock } from '../redis/clock.ts';
import {
  type BullConnection,
  bullConnection,
  connect,
  type RedisClient,
  type RedisSettings,
} from '../redis/connection.ts';
import { bullKey, defaultQueueName } from '../redis/keys.ts';
import type { ResultMessage } from '../wire/result-message.ts';
import type { RunResultMessage } from '../wire/run-message.ts';
import { startBullWorker } from './bull-worker.ts';
import { EnginePause } from './engine-pause.ts';
import { type Beat, leave } from './heartbeat.ts';
import { HeartbeatSender } from './heartbeat-sender.ts';
import { Pauses } from './pauses.ts';
import { type PublishedResult, publishResult } from './results.ts';
import { foreignJobMs, Retention } from './retention.ts';
import { SleepWatch } from './sleep-watch.ts';
import { ordinaryStart, Suspects } from './suspects.ts';
import { type Executors, readTask, type Task } from './task.ts';
import { type JobEnd, TaskRunner } from './task-runner.ts';
import { putBackMs, TenantSlots } from './tenant-slots.ts';

export interface WorkerOptions {
  readonly redis: RedisSettings;
  readonly execute: (job: CommandJob, signal: AbortSignal) => Promise<HookResult>;
  /** Runs bare scripts; absent: they are refused. */
  readonly runScript?: ScriptRunner;
  /** Jobs that run at once: as many as the pool can hold. */
  readonly concurrency: number;
  /** Jobs of one tenant at once. Default: one less than `concurrency`. */
  readonly tenantCap?: number;
  readonly queue?: string;
  /** Unique among all workers. */
  readonly name?: string;
  /** The worker takes no jobs until begin(); until then its heartbeat reports `starting`. */
  readonly held?: boolean;
  /** Milliseconds of one blocking wait for a job. */
  readonly drainDelayMs?: number;
  readonly onError?: (error: Error) => void;
  /** Called for every job that the worker took. */
  readonly observe?: (end: JobEnd) => void;
}

export interface QueueWorkerStats {
  readonly running: number;
  readonly meanJobMs: number;
  /** How often BullMQ's worker was restarted because it took no more jobs. */
  readonly restarts: number;
  readonly connected: boolean;
}

const meanWeight = 0.1;
/**
 * Delay before a job that a paused worker received is offered again: time for another worker to
 * take it.
 */
const takenAtRestMs = 20;
/**
 * Milliseconds that a closing worker gives Redis to store its last results and to remove its
 * heartbeat.
 */
const lastWordsMs = 2_000;

/**
 * Opens a worker, which takes jobs as soon as Redis is connected or, if `held`, after begin(). The
 * caller ends it with close().
 */
export function openWorker(options: WorkerOptions): QueueWorker {
  return new QueueWorker(options);
}

export class QueueWorker {
  readonly name: string;
  readonly #options: Required<Pick<WorkerOptions, 'queue' | 'onError' | 'drainDelayMs'>> &
    WorkerOptions;
  readonly #redis: RedisClient;
  readonly #connection: BullConnection;
  readonly #hands: Executors;
  readonly #clock = new RedisClock();
  readonly #retention: Retention;
  readonly #slots: TenantSlots;
  readonly #pauses: Pauses;
  readonly #rest = new EnginePause({
    pause: () => this.#pauses.add('rest'),
    resume: () => this.#pauses.remove('rest'),
  });
  readonly #stop = new AbortController();
  readonly #suspects: Suspects;
  readonly #heartbeat: HeartbeatSender;
  readonly #tasks: TaskRunner;
  #bull: BullWorker;
  readonly #sleep = new SleepWatch();
  #meanJobMs = 0;
  #restarts = 0;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = {
      queue: defaultQueueName,
      onError: () => undefined,
      drainDelayMs: 5_000,
      ...options,
    };
    this.name =
      options.name ?? `${os.hostname()}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
    const { execute, runScript } = options;
    this.#hands = { worker: this.name, execute, runScript };
    this.#retention = new Retention(this.#options.queue);
    const turn = { pause: () => this.#pause(), resume: () => this.#resume() };
    this.#pauses = new Pauses(turn, options.held === true ? ['start'] : []);
    // Every running job adds a listener, so more than ten are no leak.
    setMaxListeners(0, this.#stop.signal);
    this.#slots = new TenantSlots(options.tenantCap ?? Math.max(1, options.concurrency - 1));
    const { onError, observe, queue } = this.#options;
    const redis = connect(options.redis, 'producer', onError);
    this.#redis = redis;
    const gate = {
      close: () => this.#pauses.add('trial'),
      open: () => this.#pauses.remove('trial'),
      alone: () => this.#slots.untilAtMost(1),
    };
    this.#suspects = new Suspects({ redis, queue, gate, onError });
    const [rest, suspects] = [this.#rest, this.#suspects];
    this.#tasks = new TaskRunner({
      redis,
      queue,
      worker: this.name,
      suspects,
      rest,
      stop: this.#stop.signal,
      observe,
      onError,
    });
    this.#connection = bullConnection(options.redis, onError);
    this.#bull = this.#start();
    this.#heartbeat = new HeartbeatSender({
      redis: options.redis,
      queue,
      worker: this.name,
      client: redis,
      state: () => this.#state(),
      hear: (beat, ageMs) => this.#hear(beat, ageMs),
      onError,
    });
  }

  /** Starts to take jobs if the worker was opened with `held`. */
  begin(): void {
    this.#pauses.remove('start');
  }

  stats(): QueueWorkerStats {
    return {
      running: this.#slots.running,
      meanJobMs: this.#meanJobMs,
      restarts: this.#restarts,
      connected: this.#redis.status === 'ready',
    };
  }

  /**
   * Graceful shutdown: takes no more jobs and lets the running ones finish; after `timeoutMs` they
   * are cancelled, which counts as their failMode.
   */
  close(timeoutMs = 610_000): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const abort = () =>
      this.#stop.abort(new UnavailableError('SHUTTING_DOWN', 'The worker is closing.'));
    const cancel = setTimeout(abort, timeoutMs);
    const closed = this.#bull.close().catch(this.#options.onError);
    await Promise.race([
      closed,
      settlesWithin(timeoutMs + lastWordsMs, this.#slots.untilAtMost(0)),
    ]);
    clearTimeout(cancel);
    this.#rest.end();
    // Without a connection to Redis, BullMQ's close() would wait for one.
    if (!(await settlesWithin(lastWordsMs, closed)))
      await settlesWithin(lastWordsMs, this.#bull.disconnect());
    await this.#heartbeat.end();
    const left = Promise.all([
      leave(this.#redis, this.#options.queue, this.name),
      this.#retention.renewNow(this.#redis),
    ]);
    await settlesWithin(lastWordsMs, left);
    this.#connection.close();
    this.#redis.disconnect();
  }

  #start(): BullWorker {
    const autorun = !this.#pauses.has('start');
    const connection = this.#connection;
    return startBullWorker((job, token) => this.#process(job, token), {
      ...this.#options,
      name: this.name,
      autorun,
      connection,
    });
  }

  /**
   * Publishes the result before BullMQ stores it: Redis delivers a published message only after it
   * has executed all commands that arrived together, and BullMQ's bookkeeping is most of them.
   */
  async #process(
    bull: BullJob,
    token: string | undefined,
  ): Promise<ResultMessage | RunResultMessage> {
    try {
      const returned = await this.#take(bull, token);
      await this.#tell(bull, { returned });
      return returned;
    } catch (error) {
      if (error instanceof UnrecoverableError)
        await this.#tell(bull, { failedReason: error.message });
      throw error;
    }
  }

  async #tell({ id }: BullJob, told: PublishedResult): Promise<void> {
    if (id !== undefined)
      await publishResult(this.#redis, this.#options.queue, id, told).catch(this.#options.onError);
  }

  async #take(bull: BullJob, token: string | undefined): Promise<ResultMessage | RunResultMessage> {
    const started = performance.now();
    this.#sleep.took();
    this.#endForeign(bull);
    const task = readTask(bull.data, this.#hands);
    // The first job may arrive before the first heartbeat has returned the time of Redis, and the
    // host's clock may be wrong.
    if (!this.#clock.isSet) await this.#heartbeat.beat();
    const queueMs = Math.max(0, this.#clock.now() - bull.timestamp);
    const leftMs = task.budgetMs - queueMs;
    if (leftMs <= 0) {
      const message = `The job's budget of ${Math.round(task.budgetMs)} ms had passed before its turn came.`;
      return this.#refuse(task, { code: 'EXPIRED', message }, { end: 'expired', queueMs });
    }
    // BullMQ was already taking this job when the pause began.
    if (this.#pauses.paused) await this.#putBack(bull, token, Math.min(takenAtRestMs, leftMs / 4));
    if (!this.#slots.take(task.tenant)) {
      await this.#putBack(bull, token, putBackMs(bull.attemptsStarted, this.#meanJobMs, leftMs));
    }
    try {
      const next = this.#suspects.has(task)
        ? await this.#suspects.begin(task, bull.id ?? '', leftMs)
        : ordinaryStart;
      if ('waitMs' in next) return await this.#putBack(bull, token, next.waitMs);
      if ('failure' in next)
        return this.#refuse(task, next.failure, { end: 'quarantined', queueMs });
      const returned = await this.#tasks.run(
        task,
        started + leftMs - performance.now(),
        queueMs,
        next,
      );
      this.#measure(performance.now() - started);
      return returned;
    } finally {
      this.#slots.give(task.tenant);
    }
  }

  #refuse(task: Task, failure: Failure, end: JobEnd): ResultMessage {
    this.#options.observe?.(end);
    return task.refuse(failure, end.queueMs);
  }

  /**
   * Puts the job back into the queue, for the first worker to take it after `delayMs`. Always
   * throws, as BullMQ requires.
   */
  async #putBack(bull: BullJob, token: string | undefined, delayMs: number): Promise<never> {
    this.#options.observe?.({ end: 'put-back', queueMs: 0 });
    await bull.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }

  /** Sets an expiry on a job whose sender set no retention, so that such jobs do not fill Redis. */
  #endForeign({ id, opts }: BullJob): void {
    if (
      id === undefined ||
      (opts.removeOnComplete !== undefined && opts.removeOnFail !== undefined)
    )
      return;
    this.#redis
      .pexpire(bullKey(this.#options.queue, id), foreignJobMs)
      .catch(this.#options.onError);
  }

  #measure(jobMs: number): void {
    this.#meanJobMs =
      this.#meanJobMs === 0 ? jobMs : this.#meanJobMs + (jobMs - this.#meanJobMs) * meanWeight;
  }

  #state() {
    const { running } = this.#slots;
    const starting = this.#pauses.has('start');
    // A resting worker takes no jobs: if it reported its slots, callers would wait for them until
    // their deadline.
    const takesJobs = this.#closing === undefined && !starting && !this.#rest.resting;
    const capacity = takesJobs ? this.#options.concurrency : 0;
    return { capacity, running, meanJobMs: this.#meanJobMs, starting };
  }

  #hear({ time, waiting, quarantined }: Beat, ageMs: number): void {
    const { concurrency, onError } = this.#options;
    this.#clock.set(time, ageMs);
    this.#suspects.replace(quarantined);
    void this.#retention.renew(this.#redis).catch(onError);
    if (this.#sleep.hear(waiting > 0 && this.#slots.running < concurrency, ageMs)) this.#wake();
  }

  #pause(): void {
    this.#bull.pause(true).catch(this.#options.onError);
  }

  #resume(): void {
    this.#sleep.took();
    if (this.#closing === undefined) void this.#bull.resume();
  }

  /** Restarts BullMQ's worker; running jobs stay with the old one until they have ended. */
  #wake(): void {
    if (this.#closing !== undefined || this.#pauses.paused) return;
    this.#restarts++;
    this.#sleep.took();
    const asleep = this.#bull;
    this.#bull = this.#start();
    void asleep.close().catch(this.#options.onError);
  }
}
