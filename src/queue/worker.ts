/**
 * The working end of the queue: takes jobs, runs what it was given to run them, returns results. It
 * outlives Redis: whatever happens there, it works again when Redis does.
 */
import { setMaxListeners } from 'node:events';
import os from 'node:os';
import { type Job as BullJob, type Worker as BullWorker, DelayedError, UnrecoverableError } from 'bullmq';
import { within } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import { RedisClock } from '../redis/clock.ts';
import { type BullConnection, bullConnection, connect, type RedisClient, type RedisSettings } from '../redis/connection.ts';
import { bullKey, defaultQueueName } from '../redis/keys.ts';
import type { ResultMessage } from '../wire/result-message.ts';
import type { RunResultMessage } from '../wire/run-message.ts';
import { startBullWorker } from './bull-worker.ts';
import { type Beat, leave } from './heartbeat.ts';
import { HeartbeatSender } from './heartbeat-sender.ts';
import { Pauses } from './pauses.ts';
import { Rest } from './rest.ts';
import { type Told, tellResult } from './results.ts';
import { foreignJobMs, Retention } from './retention.ts';
import { SleepWatch } from './sleep-watch.ts';
import { ordinaryStart, Suspects } from './suspects.ts';
import { type Hands, readTask, type Task } from './task.ts';
import { type JobEnd, TaskRunner } from './task-runner.ts';
import { putBackMs, TenantSlots } from './tenant-slots.ts';

export interface WorkerOptions {
  readonly redis: RedisSettings;
  readonly execute: (job: CommandJob, signal: AbortSignal) => Promise<HookResult>;
  /** For bare scripts; absent: they are refused. */
  readonly runScript?: ScriptRunner;
  /** Jobs at once: what the pool can hold. */
  readonly concurrency: number;
  /** Jobs of one tenant at once. Default: one less than `concurrency`. */
  readonly tenantCap?: number;
  readonly queue?: string;
  /** Unique among all workers. */
  readonly name?: string;
  /** It takes no jobs until begin(); until then its heartbeat says that it is about to. */
  readonly held?: boolean;
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

const meanWeight = 0.1;
/** What a resting worker still gets goes back for so long: time for another one to take it. */
const takenAtRestMs = 20;
/** What a closing worker gives Redis to take its last results and its name off the list. */
const lastWordsMs = 2_000;

/** Takes jobs from the moment that Redis is there, or begin() was called. Close it with close(). */
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
  readonly #pauses: Pauses;
  readonly #rest = new Rest({ pause: () => this.#pauses.add('rest'), resume: () => this.#pauses.remove('rest') });
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
    this.#options = { queue: defaultQueueName, onError: () => undefined, drainDelayMs: 5_000, ...options };
    this.name = options.name ?? `${os.hostname()}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
    const { execute, runScript } = options;
    this.#hands = { worker: this.name, execute, runScript };
    this.#retention = new Retention(this.#options.queue);
    const turn = { pause: () => this.#pause(), resume: () => this.#resume() };
    this.#pauses = new Pauses(turn, options.held === true ? ['start'] : []);
    // Every running job listens: more than ten are no leak.
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
    this.#tasks = new TaskRunner({ redis, queue, worker: this.name, suspects, rest, stop: this.#stop.signal, observe, onError });
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

  /** Takes jobs, where it was held. */
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
   * Takes no more jobs and lets the running ones finish; after `timeoutMs` they are cancelled, which
   * answers them with their failMode.
   */
  close(timeoutMs = 610_000): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const abort = () => this.#stop.abort(new UnavailableError('SHUTTING_DOWN', 'The worker is closing.'));
    const cancel = setTimeout(abort, timeoutMs);
    const closed = this.#bull.close().catch(this.#options.onError);
    await Promise.race([closed, within(timeoutMs + lastWordsMs, this.#slots.untilAtMost(0))]);
    clearTimeout(cancel);
    this.#rest.end();
    // Cut off from Redis, BullMQ would wait for it.
    if (!(await within(lastWordsMs, closed))) await within(lastWordsMs, this.#bull.disconnect());
    await this.#heartbeat.end();
    const left = Promise.all([leave(this.#redis, this.#options.queue, this.name), this.#retention.renewNow(this.#redis)]);
    await within(lastWordsMs, left);
    this.#connection.close();
    this.#redis.disconnect();
  }

  #start(): BullWorker {
    const autorun = !this.#pauses.has('start');
    const connection = this.#connection;
    return startBullWorker((job, token) => this.#process(job, token), { ...this.#options, name: this.name, autorun, connection });
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
    this.#sleep.took();
    this.#endForeign(bull);
    const task = readTask(bull.data, this.#hands);
    // The first job may be here before the first beat has told the time, and the host's clock may be wrong.
    if (!this.#clock.isSet) await this.#heartbeat.beat();
    const queueMs = Math.max(0, this.#clock.now() - bull.timestamp);
    const leftMs = task.budgetMs - queueMs;
    if (leftMs <= 0) {
      const message = `The job's budget of ${Math.round(task.budgetMs)} ms had passed before its turn came.`;
      return this.#refuse(task, { code: 'EXPIRED', message }, { end: 'expired', queueMs });
    }
    // BullMQ was about to take it when the pause began.
    if (this.#pauses.paused) await this.#putBack(bull, token, Math.min(takenAtRestMs, leftMs / 4));
    if (!this.#slots.take(task.tenant)) {
      await this.#putBack(bull, token, putBackMs(bull.attemptsStarted, this.#meanJobMs, leftMs));
    }
    try {
      const next = this.#suspects.has(task) ? await this.#suspects.begin(task, bull.id ?? '', leftMs) : ordinaryStart;
      if ('waitMs' in next) return await this.#putBack(bull, token, next.waitMs);
      if ('failure' in next) return this.#refuse(task, next.failure, { end: 'quarantined', queueMs });
      const returned = await this.#tasks.run(task, started + leftMs - performance.now(), queueMs, next);
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

  #state() {
    const { running } = this.#slots;
    const starting = this.#pauses.has('start');
    // Where it rests it takes none: were its places told all the same, callers would wait for them to their deadline.
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

  /** Running jobs stay with the old one until they are done. */
  #wake(): void {
    if (this.#closing !== undefined || this.#pauses.paused) return;
    this.#restarts++;
    this.#sleep.took();
    const asleep = this.#bull;
    this.#bull = this.#start();
    void asleep.close().catch(this.#options.onError);
  }
}
