/**
 * The worker's side of the queue: takes jobs, runs them with the given functions and returns
 * results. It survives outages of Redis: it works again as soon as Redis does.
 */
import { setMaxListeners } from 'node:events';
import os from 'node:os';
import type { Worker as BullWorker } from 'bullmq';
import { settlesWithin } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import { RedisClock } from '../redis/clock.ts';
import {
  type BullConnection,
  bullConnection,
  connect,
  type RedisClient,
} from '../redis/connection.ts';
import { defaultQueueName } from '../redis/keys.ts';
import { startBullWorker } from './bull-worker.ts';
import { EnginePause } from './engine-pause.ts';
import { FetchedContexts } from './fetched-contexts.ts';
import { type Beat, leave } from './heartbeat.ts';
import { HeartbeatSender } from './heartbeat-sender.ts';
import { JobTaker } from './job-taker.ts';
import { Pauses } from './pauses.ts';
import { Retention } from './retention.ts';
import { SleepWatch } from './sleep-watch.ts';
import { Suspects } from './suspects.ts';
import { type Executors, readTask, type Task } from './task.ts';
import { TenantSlots } from './tenant-slots.ts';
import type { WorkerBase } from './worker-base.ts';

export interface WorkerOptions extends WorkerBase, Omit<Executors, 'worker' | 'contexts'> {}

interface QueueWorkerOptions extends WorkerBase {
  /** @throws UnrecoverableError `INVALID_JOB` */
  readonly readTask: (data: unknown, own: Pick<Executors, 'worker' | 'contexts'>) => Task;
}

export interface QueueWorkerStats {
  readonly running: number;
  readonly meanJobMs: number;
  /** How often BullMQ's worker was restarted because it took no more jobs. */
  readonly restarts: number;
  readonly connected: boolean;
}

/**
 * Milliseconds that a closing worker gives Redis to store its last results and to remove its
 * heartbeat.
 */
const lastWordsMs = 2_000;

/**
 * Opens a worker, which takes jobs as soon as Redis is connected or, if `held`, after begin(). The
 * caller ends it with close().
 */
export function openWorker({ execute, runScript, ...base }: WorkerOptions): QueueWorker {
  const hands = { execute, runScript };
  return new QueueWorker({
    ...base,
    readTask: (data, own) => readTask(data, { ...hands, ...own }),
  });
}

export class QueueWorker {
  readonly name: string;
  readonly #options: Required<Pick<WorkerOptions, 'queue' | 'onError' | 'drainDelayMs'>> &
    QueueWorkerOptions;
  readonly #redis: RedisClient;
  readonly #connection: BullConnection;
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
  readonly #jobs: JobTaker;
  #bull: BullWorker;
  readonly #sleep = new SleepWatch();
  #restarts = 0;
  #closing: Promise<void> | undefined;

  constructor(options: QueueWorkerOptions) {
    this.#options = {
      queue: defaultQueueName,
      onError: () => undefined,
      drainDelayMs: 5_000,
      ...options,
    };
    this.name =
      options.name ?? `${os.hostname()}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
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
    const own = { worker: this.name, contexts: new FetchedContexts(redis, queue) };
    this.#jobs = new JobTaker({
      redis,
      queue,
      worker: this.name,
      readTask: (data) => options.readTask(data, own),
      suspects,
      rest,
      stop: this.#stop.signal,
      clock: this.#clock,
      sleep: this.#sleep,
      pauses: this.#pauses,
      slots: this.#slots,
      beat: () => this.#heartbeat.beat(),
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
      about: options.about,
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
      meanJobMs: this.#jobs.meanJobMs,
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
    return startBullWorker((job, token) => this.#jobs.process(job, token), {
      ...this.#options,
      name: this.name,
      autorun,
      connection,
    });
  }

  #state() {
    const { running } = this.#slots;
    const { meanJobMs } = this.#jobs;
    const starting = this.#pauses.has('start');
    // A resting worker takes no jobs: if it reported its slots, callers would wait for them until
    // their deadline.
    const takesJobs = this.#closing === undefined && !starting && !this.#rest.resting;
    const capacity = takesJobs ? this.#options.concurrency : 0;
    return { capacity, running, meanJobMs, starting };
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
