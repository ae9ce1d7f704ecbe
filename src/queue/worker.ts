/**
 * The working end of the queue: takes jobs, runs what it was given to run them, returns results. It
 * outlives Redis: whatever happens there, it works again when Redis does.
 */
import os from 'node:os';
import { type Job as BullJob, Worker as BullWorker, DelayedError, UnrecoverableError } from 'bullmq';
import { asError, messageOf } from '../errors.ts';
import { decide } from '../protocol/decide.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import { type JobMessage, parseJobMessage } from '../protocol/wire/job-message.ts';
import { type ResultMessage, toResultMessage } from '../protocol/wire/result-message.ts';
import { type BullConnection, bullConnection, connect, type RedisClient, type RedisSettings } from './connection.ts';
import { beat, beatMs, leave } from './heartbeat.ts';
import { defaultQueueName, keyPrefix } from './keys.ts';
import { failedReason } from './outcome.ts';
import { countStrike, isQuarantined, lostItsSandbox, scriptHash } from './poison.ts';
import { RedisClock } from './redis-clock.ts';
import { putBackMs, TenantSlots } from './tenant-slots.ts';
import { within } from './within.ts';

export interface WorkerOptions {
  readonly redis: RedisSettings;
  readonly execute: (job: Job, signal: AbortSignal) => Promise<HookResult>;
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
}

export interface QueueWorkerStats {
  readonly running: number;
  readonly meanJobMs: number;
  /** How often BullMQ had to be started anew because it took no more jobs. */
  readonly restarts: number;
}

/** A lock outlives any pause of this process that its jobs' callers would wait out. */
const lockDurationMs = 30_000;
const stalledIntervalMs = 15_000;
/** Free slots, jobs in line, and none taken for so long: BullMQ sleeps (issue 4585), wake it. */
const asleepMs = 4_000;
const meanWeight = 0.1;
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
  readonly #clock = new RedisClock();
  readonly #slots: TenantSlots;
  readonly #stop = new AbortController();
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
    this.#slots = new TenantSlots(options.tenantCap ?? Math.max(1, options.concurrency - 1));
    this.#redis = connect(options.redis, 'producer', this.#options.onError);
    this.#connection = bullConnection(options.redis, this.#options.onError);
    this.#bull = this.#start();
    this.#redis.on('ready', () => void this.#beat());
    this.#nextBeat();
  }

  stats(): QueueWorkerStats {
    return { running: this.#slots.running, meanJobMs: this.#meanJobMs, restarts: this.#restarts };
  }

  /**
   * Takes no more jobs and lets the running ones finish; after `timeoutMs` they are cancelled, which
   * answers them with their failMode.
   */
  close(timeoutMs = 310_000): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const cancel = setTimeout(() => this.#stop.abort(new Error('The worker is closing.')), timeoutMs);
    const closed = this.#bull.close().catch(this.#options.onError);
    await Promise.race([closed, this.#untilIdle(timeoutMs + lastWordsMs)]);
    clearTimeout(cancel);
    clearTimeout(this.#beating);
    // Cut off from Redis, BullMQ would wait for it.
    if (!(await within(lastWordsMs, closed))) await within(lastWordsMs, this.#bull.disconnect());
    await within(lastWordsMs, leave(this.#redis, this.#options.queue, this.name));
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
      runRetryDelay: 500,
    });
    worker.on('error', onError);
    return worker;
  }

  async #process(bull: BullJob, token: string | undefined): Promise<ResultMessage> {
    const started = performance.now();
    this.#tookAt = started;
    const { job, message } = this.#parse(bull);
    // The first job may be here before the first beat has told the time, and the host's clock may be wrong.
    if (!this.#clock.isSet) await this.#beat();
    const leftMs = message.budgetMs - Math.max(0, this.#clock.now() - bull.timestamp);
    if (leftMs <= 0) {
      const text = `The job's budget of ${Math.round(message.budgetMs)} ms had passed before its turn came.`;
      return toResultMessage(job, decide(job.dialect, job.hook, { code: 'EXPIRED', message: text }));
    }
    if (!this.#slots.take(job.tenant)) {
      await bull.moveToDelayed(Date.now() + putBackMs(bull.attemptsStarted, this.#meanJobMs, leftMs), token);
      throw new DelayedError();
    }
    try {
      const result = await this.#run(job, message, leftMs);
      this.#measure(performance.now() - started);
      return toResultMessage(job, result);
    } finally {
      this.#slots.give(job.tenant);
      if (this.#slots.running === 0) this.#idle();
    }
  }

  #parse(bull: BullJob) {
    try {
      return parseJobMessage(bull.data);
    } catch (error) {
      throw new UnrecoverableError(failedReason('INVALID_JOB', messageOf(error)));
    }
  }

  async #run(job: Job, { hook }: JobMessage, leftMs: number): Promise<HookResult> {
    const hash = scriptHash(hook);
    const quarantined = await isQuarantined(this.#redis, hash).catch(() => false);
    if (quarantined) {
      const message = 'This script cost two workers or sandboxes their life; it is not run for ten minutes.';
      return decide(job.dialect, job.hook, { code: 'QUARANTINED', message });
    }
    const started = performance.now();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('The deadline of the evaluation has passed.')), leftMs);
    try {
      const result = await this.#options.execute(job, AbortSignal.any([late.signal, this.#stop.signal]));
      if (lostItsSandbox(result)) {
        await countStrike(this.#redis, hash, this.name, performance.now() - started).catch(this.#options.onError);
      }
      if (this.#stop.signal.aborted && result.facts?.status === 'cancelled') {
        const message = 'The worker closed before the hook had ended.';
        return decide(job.dialect, job.hook, { code: 'SHUTTING_DOWN', message });
      }
      return result;
    } catch (error) {
      throw new UnrecoverableError(failedReason('INTERNAL', messageOf(error)));
    } finally {
      clearTimeout(timer);
    }
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
      const { time, waiting } = await beat(this.#redis, queue, this.name, state);
      this.#clock.set(time);
      if (waiting === 0 || running >= concurrency) this.#tookAt = performance.now();
      else if (performance.now() - this.#tookAt > asleepMs) this.#wake();
    } catch (error) {
      this.#tookAt = performance.now();
      onError(asError(error));
    }
  }

  /** Running jobs stay with the old one until they are done. */
  #wake(): void {
    if (this.#closing !== undefined) return;
    this.#restarts++;
    this.#tookAt = performance.now();
    const asleep = this.#bull;
    this.#bull = this.#start();
    void asleep.close().catch(this.#options.onError);
  }
}
