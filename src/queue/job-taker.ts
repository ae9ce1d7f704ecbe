/**
 * What becomes of a job that BullMQ handed to this worker: it is refused, put back into the queue,
 * or run; and its result is published.
 */
import { type Job as BullJob, DelayedError, UnrecoverableError } from 'bullmq';
import type { Failure } from '../protocol/decision.ts';
import type { RedisClock } from '../redis/clock.ts';
import { bullKey } from '../redis/keys.ts';
import type { ResultMessage } from '../wire/result-message.ts';
import type { RunResultMessage } from '../wire/run-message.ts';
import type { Pauses } from './pauses.ts';
import { type PublishedResult, publishResult } from './results.ts';
import { foreignJobMs } from './retention.ts';
import type { SleepWatch } from './sleep-watch.ts';
import { ordinaryStart } from './suspects.ts';
import type { Task } from './task.ts';
import { type JobEnd, TaskRunner, type TaskRunnerOptions } from './task-runner.ts';
import { putBackMs, type TenantSlots } from './tenant-slots.ts';
import { traceOf } from './trace-option.ts';

export interface JobTakerOptions extends TaskRunnerOptions {
  /** @throws UnrecoverableError `INVALID_JOB` */
  readonly readTask: (data: unknown) => Task;
  readonly clock: RedisClock;
  readonly sleep: SleepWatch;
  readonly pauses: Pauses;
  readonly slots: TenantSlots;
  /** Sends a heartbeat, which sets the clock. */
  readonly beat: () => Promise<void>;
}

const meanWeight = 0.1;
/**
 * Delay before a job that a paused worker received is offered again: time for another worker to
 * take it.
 */
const takenAtRestMs = 20;

export class JobTaker {
  readonly #options: JobTakerOptions;
  readonly #tasks: TaskRunner;
  #meanJobMs = 0;

  constructor(options: JobTakerOptions) {
    this.#options = options;
    this.#tasks = new TaskRunner(options);
  }

  /** Moving mean of the jobs that ran, in milliseconds; 0 before the first one. */
  get meanJobMs(): number {
    return this.#meanJobMs;
  }

  /**
   * Publishes the result before BullMQ stores it: Redis delivers a published message only after it
   * has executed all commands that arrived together, and BullMQ's bookkeeping is most of them.
   */
  async process(
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
      await publishResult(this.#options.redis, this.#options.queue, id, told).catch(
        this.#options.onError,
      );
  }

  async #take(bull: BullJob, token: string | undefined): Promise<ResultMessage | RunResultMessage> {
    const { clock, pauses, slots, suspects } = this.#options;
    const started = performance.now();
    this.#options.sleep.took();
    this.#endForeign(bull);
    const trace = traceOf(bull.opts);
    const traceId = trace?.traceId;
    const task = { ...this.#options.readTask(bull.data), trace };
    // The first job may arrive before the first heartbeat has returned the time of Redis, and the
    // host's clock may be wrong.
    if (!clock.isSet) await this.#options.beat();
    const queueMs = Math.max(0, clock.now() - bull.timestamp);
    const leftMs = task.budgetMs - queueMs;
    if (leftMs <= 0) {
      const message = `The job's budget of ${Math.round(task.budgetMs)} ms had passed before its turn came.`;
      return this.#refuse(task, { code: 'EXPIRED', message }, { end: 'expired', queueMs, traceId });
    }
    // BullMQ was already taking this job when the pause began.
    if (pauses.paused) await this.#putBack(bull, token, Math.min(takenAtRestMs, leftMs / 4));
    if (!slots.take(task.tenant)) {
      await this.#putBack(bull, token, putBackMs(bull.attemptsStarted, this.#meanJobMs, leftMs));
    }
    try {
      const next = suspects.has(task)
        ? await suspects.begin(task, bull.id ?? '', leftMs)
        : ordinaryStart;
      if ('waitMs' in next) return await this.#putBack(bull, token, next.waitMs);
      if ('failure' in next)
        return this.#refuse(task, next.failure, { end: 'quarantined', queueMs, traceId });
      const returned = await this.#tasks.run(
        task,
        started + leftMs - performance.now(),
        queueMs,
        next,
      );
      this.#measure(performance.now() - started);
      return returned;
    } finally {
      slots.give(task.tenant);
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
    this.#options.redis
      .pexpire(bullKey(this.#options.queue, id), foreignJobMs)
      .catch(this.#options.onError);
  }

  #measure(jobMs: number): void {
    this.#meanJobMs =
      this.#meanJobMs === 0 ? jobMs : this.#meanJobMs + (jobMs - this.#meanJobMs) * meanWeight;
  }
}
