/**
 * The working end of the queue: takes jobs, runs what it was given to run them, returns results. It
 * outlives Redis: whatever happens there, it works again when Redis does.
 */
import { setMaxListeners } from 'node:events';
import os from 'node:os';
import { type Job as BullJob, Worker as BullWorker, DelayedError, UnrecoverableError } from 'bullmq';
import { within } from '../deadline.ts';
import { asError } from '../errors.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import type { ResultMessage } from '../protocol/wire/result-message.ts';
import type { RunResultMessage } from '../protocol/wire/run-message.ts';
import { type BullConnection, bullConnection, connect, type RedisClient, type RedisSettings } from './connection.ts';
import { beat, beatMs, leave } from './heartbeat.ts';
import { bullKey, defaultQueueName, keyPrefix } from './keys.ts';
import { Quarantine } from './poison.ts';
import { RedisClock } from './redis-clock.ts';
import { Rest } from './rest.ts';
import { type Told, tellResult } from './results.ts';
import { foreignJobMs, keepFinished, Retention } from './retention.ts';
import { type Hands, readTask } from './task.ts';
import { type JobEnd, TaskRunner } from './task-runner.ts';
import { putBackMs, TenantSlots } from './tenant-slots.ts';

export interface WorkerOptions {
  readonly redis: RedisSettings;
  readonly execute: (job: Job, signal: AbortSignal) => Promise<HookResult>;
  /** For bare scripts; absent: they are refused. */
  readonly runScript?: ScriptRunner;
  /** Jobs at once: what the pool can hold. */
  readonly concurrency: number;
  /** Jobs of one tenant at once. Default: one less than `concurrency`. */
  readonly tenantCap?: number;
  readonly queue?: string;
  /** Unique among all workers. */
  readonly name?: string;
  /** Milliseconds of one blocking wait for a job. */
  readonly drainDelayMs?: number;
  readonly onError?: (error: Error) => void;
  /** Hears of every job that was taken. */
  readonly observe?: (end: JobEnd) => void;
}

export interface QueueWorkerStats {
  readonly running: number;
  readonly meanJobMs: number;
  /** How often BullMQ had to be started anew because it took no more jobs. */
  readonly restarts: number;
  readonly connected: boolean;
}

/**
 * Longer than any run, so that no clock that jumps and no pause of this process makes BullMQ give a
 * running job away: that its worker is lost is seen by its silence.
 */
const lockDurationMs = 700_000;
const stalledIntervalMs = 15_000;
/** Free slots, jobs in line, and none taken for so long: BullMQ sleeps (issue 4585), wake it. */
const asleepMs = 4_000;
const meanWeight = 0.1;
/** What a resting worker still gets goes back for so long: time for another one to take it. */
const takenAtRestMs = 20;
/** What a closing worker gives Redis to take its last results and its name off the list. */
const lastWordsMs = 2_000;

/** Takes jobs from the moment that Redis is there. Close it with close(). */
export function openWorker(options: WorkerOptions): QueueWorker {
  return new QueueWorker(options);
}

export class QueueWorker {
  readonly name: string;
  readonly #options: Required<Pick<WorkerOptions, 'queue' | 'onError' | 'drainDelayMs'>> & WorkerOptions;
  readonly #redis: RedisClient;
  readonly #connection: BullConnection;
  readonly #hands: Hands;
  readonly #clock = new RedisClock();
  readonly #retention: Retention;
  readonly #slots: TenantSlots;
  readonly #rest = new Rest({ pause: () => this.#pause(), resume: () => this.#resume() });
  readonly #stop = new AbortController();
  readonly #quarantine = new Quarantine();
  readonly #tasks: TaskRunner;
  #bull: BullWorker;
  #beating: NodeJS.Timeout | undefined;
  #meanJobMs = 0;
  #tookAt = performance.now();
  #restarts = 0;
  #closing: Promise<void> | undefined;
  #idle: () => void = () => undefined;

  constructor(options: WorkerOptions) {
    this.#options = { queue: defaultQueueName, onError: () => undefined, drainDelayMs: 5_000, ...options };
    this.name = options.name ?? `${os.hostname()}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
    const { execute, runScript } = options;
    this.#hands = { worker: this.name, execute, runScript };
    this.#retention = new Retention(this.#options.queue);
    // Every running job listens: more than ten are no leak.
    setMaxListeners(0, this.#stop.signal);
    this.#slots = new TenantSlots(options.tenantCap ?? Math.max(1, options.concurrency - 1));
    const { onError, observe } = this.#options;
    this.#redis = connect(options.redis, 'producer', this.#options.onError);
    this.#tasks = new TaskRunner({
      redis: this.#redis,
      worker: this.name,
      quarantine: this.#quarantine,
      rest: this.#rest,
      stop: this.#stop.signal,
      observe,
      onError,
    });
    this.#connection = bullConnection(options.redis, this.#options.onError);
    this.#bull = this.#start();
    this.#redis.on('ready', () => void this.#beat());
    this.#nextBeat();
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
   * Takes no more jobs and lets the running ones finish; after `timeoutMs` they are cancelled, which
   * answers them with their failMode.
   */
  close(timeoutMs = 610_000): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const cancel = setTimeout(() => this.#stop.abort(new Error('The worker is closing.')), timeoutMs);
    const closed = this.#bull.close().catch(this.#options.onError);
    await Promise.race([closed, this.#untilIdle(timeoutMs + lastWordsMs)]);
    clearTimeout(cancel);
    clearTimeout(this.#beating);
    this.#rest.end();
    // Cut off from Redis, BullMQ would wait for it.
    if (!(await within(lastWordsMs, closed))) await within(lastWordsMs, this.#bull.disconnect());
    const left = Promise.all([leave(this.#redis, this.#options.queue, this.name), this.#retention.renewNow(this.#redis)]);
    await within(lastWordsMs, left);
    this.#connection.close();
    this.#redis.disconnect();
  }

  #untilIdle(timeoutMs: number): Promise<boolean> {
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
      if (this.#slots.running === 0) resolve();
    });
    return within(timeoutMs, idle);
  }

  #start(): BullWorker {
    const { queue, concurrency, drainDelayMs, onError } = this.#options;
    const worker = new BullWorker(queue, (job, token) => this.#process(job, token), {
      connection: this.#connection.connection,
      prefix: keyPrefix,
      name: this.name,
      concurrency,
      drainDelay: drainDelayMs / 1000,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      // A hook is never run twice behind its caller's back.
      maxStalledCount: 0,
      // For jobs that do not say it themselves.
      removeOnComplete: keepFinished,
      removeOnFail: keepFinished,
      runRetryDelay: 500,
    });
    worker.on('error', onError);
    return worker;
  }

  /**
   * Whoever waits hears of the result before BullMQ writes it down: Redis sends what it has said to a
   * channel only when it has done all that it was asked at once, and BullMQ's books are most of that.
   */
  async #process(bull: BullJob, token: string | undefined): Promise<ResultMessage | RunResultMessage> {
    try {
      const returned = await this.#take(bull, token);
      await this.#tell(bull, { returned });
      return returned;
    } catch (error) {
      if (error instanceof UnrecoverableError) await this.#tell(bull, { failedReason: error.message });
      throw error;
    }
  }

  async #tell({ id }: BullJob, told: Told): Promise<void> {
    if (id !== undefined) await tellResult(this.#redis, this.#options.queue, id, told).catch(this.#options.onError);
  }

  async #take(bull: BullJob, token: string | undefined): Promise<ResultMessage | RunResultMessage> {
    const started = performance.now();
    this.#tookAt = started;
    this.#endForeign(bull);
    const task = readTask(bull.data, this.#hands);
    // The first job may be here before the first beat has told the time, and the host's clock may be wrong.
    if (!this.#clock.isSet) await this.#beat();
    const queueMs = Math.max(0, this.#clock.now() - bull.timestamp);
    const leftMs = task.budgetMs - queueMs;
    if (leftMs <= 0) {
      this.#options.observe?.({ end: 'expired', queueMs });
      const message = `The job's budget of ${Math.round(task.budgetMs)} ms had passed before its turn came.`;
      return task.refuse({ code: 'EXPIRED', message }, queueMs);
    }
    // BullMQ was about to take it when the rest began.
    if (this.#rest.resting) await this.#putBack(bull, token, Math.min(takenAtRestMs, leftMs / 4));
    if (!this.#slots.take(task.tenant)) {
      await this.#putBack(bull, token, putBackMs(bull.attemptsStarted, this.#meanJobMs, leftMs));
    }
    try {
      const returned = await this.#tasks.run(task, leftMs, queueMs);
      this.#measure(performance.now() - started);
      return returned;
    } finally {
      this.#slots.give(task.tenant);
      if (this.#slots.running === 0) this.#idle();
    }
  }

  /** Into the line again, for whoever comes first after `delayMs`. Always throws: BullMQ's way to hear of it. */
  async #putBack(bull: BullJob, token: string | undefined, delayMs: number): Promise<never> {
    this.#options.observe?.({ end: 'put-back', queueMs: 0 });
    await bull.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }

  /** Who adds a job without saying for how long it is kept must not fill Redis. */
  #endForeign({ id, opts }: BullJob): void {
    if (id === undefined || (opts.removeOnComplete !== undefined && opts.removeOnFail !== undefined)) return;
    this.#redis.pexpire(bullKey(this.#options.queue, id), foreignJobMs).catch(this.#options.onError);
  }

  #measure(jobMs: number): void {
    this.#meanJobMs = this.#meanJobMs === 0 ? jobMs : this.#meanJobMs + (jobMs - this.#meanJobMs) * meanWeight;
  }

  #nextBeat(): void {
    this.#beating = setTimeout(() => void this.#beat().then(() => this.#nextBeat()), beatMs);
  }

  async #beat(): Promise<void> {
    if (this.#closing !== undefined && this.#slots.running === 0) return;
    const { queue, concurrency, onError } = this.#options;
    const { running } = this.#slots;
    try {
      const state = { capacity: this.#closing === undefined ? concurrency : 0, running, meanJobMs: this.#meanJobMs };
      const { time, waiting, quarantined } = await beat(this.#redis, queue, this.name, state);
      this.#clock.set(time);
      this.#quarantine.replace(quarantined);
      await this.#retention.renew(this.#redis);
      if (waiting === 0 || running >= concurrency) this.#tookAt = performance.now();
      else if (performance.now() - this.#tookAt > asleepMs) this.#wake();
    } catch (error) {
      this.#tookAt = performance.now();
      onError(asError(error));
    }
  }

  #pause(): void {
    this.#bull.pause(true).catch(this.#options.onError);
  }

  #resume(): void {
    this.#tookAt = performance.now();
    if (this.#closing === undefined) void this.#bull.resume();
  }

  /** Running jobs stay with the old one until they are done. */
  #wake(): void {
    if (this.#closing !== undefined || this.#rest.resting) return;
    this.#restarts++;
    this.#tookAt = performance.now();
    const asleep = this.#bull;
    this.#bull = this.#start();
    void asleep.close().catch(this.#options.onError);
  }
}
