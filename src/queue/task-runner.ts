/** Runs a worker's tasks within their time limits and judges how they end. */
import { UnrecoverableError } from 'bullmq';
import { abortedError, asError, messageOf, UnavailableError } from '../errors.ts';
import type { FailureCode } from '../protocol/failure-codes.ts';
import type { RedisClient } from '../redis/connection.ts';
import type { ResultMessage } from '../wire/result-message.ts';
import type { RunResultMessage } from '../wire/run-message.ts';
import type { EnginePause } from './engine-pause.ts';
import { failedReason } from './outcome.ts';
import { countLostSandbox } from './record.ts';
import type { Start, Suspects } from './suspects.ts';
import { type Running, type Task, TaskFailedError } from './task.ts';

/** How a job that the worker took ended, and how many milliseconds it had waited in the queue. */
export interface JobEnd {
  readonly end: 'done' | 'failed' | 'cut-off' | 'expired' | 'quarantined' | 'put-back';
  readonly queueMs: number;
  /** Name of the caller's trace. */
  readonly traceId?: string | undefined;
}

export interface TaskRunnerOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  readonly worker: string;
  readonly suspects: Suspects;
  readonly rest: EnginePause;
  /** Aborted when the worker closes before its tasks have ended. */
  readonly stop: AbortSignal;
  readonly observe: ((end: JobEnd) => void) | undefined;
  readonly onError: (error: Error) => void;
}

/** How a run ended. */
interface RunEnd {
  readonly code: string | undefined;
  readonly cancelled: boolean;
  readonly started: number;
}

const sandboxFailures: ReadonlySet<string | undefined> = new Set<FailureCode>([
  'SANDBOX_LOST',
  'BAD_FRAME',
  'BAD_STREAM',
]);
const closedUnderIt = {
  code: 'SHUTTING_DOWN',
  message: 'The worker closed before the script had ended.',
} as const;

export class TaskRunner {
  readonly #options: TaskRunnerOptions;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** @throws UnrecoverableError for failures that are reported as a failed BullMQ job */
  async run(
    task: Task,
    leftMs: number,
    queueMs: number,
    start: Start,
  ): Promise<ResultMessage | RunResultMessage> {
    const { stop } = this.#options;
    const started = performance.now();
    // AbortSignal.any is not used: in Node 20 `stop` would keep some memory of every job for the
    // worker's lifetime.
    const end = new AbortController();
    const late = () =>
      end.abort(new UnavailableError('DEADLINE', 'The deadline of the evaluation has passed.'));
    const timer = setTimeout(late, leftMs);
    const closing = () => end.abort(abortedError(stop));
    if (stop.aborted) closing();
    stop.addEventListener('abort', closing, { once: true });
    try {
      const how = { queueMs, fresh: start.fresh, trace: task.trace };
      return await this.#run(task, end.signal, how, (one) =>
        this.#judge(task, start, { ...one, started }),
      );
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', closing);
    }
  }

  async #run(
    task: Task,
    signal: AbortSignal,
    how: Running,
    judge: (end: Omit<RunEnd, 'started'>) => Promise<void>,
  ): Promise<ResultMessage | RunResultMessage> {
    const { queueMs } = how;
    const traceId = task.trace?.traceId;
    try {
      const { returned, code, cancelled } = await task.run(signal, how);
      await judge({ code, cancelled });
      const cutOff = cancelled && this.#options.stop.aborted;
      this.#ended({ end: cutOff ? 'cut-off' : 'done', queueMs, traceId });
      if (!cutOff) return returned;
    } catch (error) {
      this.#ended({ end: 'failed', queueMs, traceId });
      await judge({
        code: error instanceof TaskFailedError ? error.code : 'INTERNAL',
        cancelled: false,
      });
      if (error instanceof UnrecoverableError) throw error;
      throw new UnrecoverableError(failedReason('INTERNAL', messageOf(error)));
    }
    return task.refuse(closedUnderIt, queueMs);
  }

  /**
   * Reports the end of a run: to the pause after engine failures, to the count of lost sandboxes,
   * and to the trial of a suspect.
   */
  async #judge(
    { script }: Task,
    start: Start,
    { code, cancelled, started }: RunEnd,
  ): Promise<void> {
    const { redis, queue, rest, worker, suspects, onError } = this.#options;
    rest.afterJob(code);
    if (script !== undefined && sandboxFailures.has(code)) {
      const lost = { worker, runMs: performance.now() - started };
      const isProven = await countLostSandbox(redis, queue, script, lost).catch((error: unknown) =>
        onError(asError(error)),
      );
      if (isProven === true) suspects.add(script);
    }
    await start.end(!cancelled && isOwnEnd(code));
  }

  #ended(end: JobEnd): void {
    this.#options.observe?.(end);
  }
}

/** Whether a run ended by itself, with an answer or without one. */
function isOwnEnd(code: string | undefined): boolean {
  return code === undefined || (code.startsWith('HOOK_') && code !== 'HOOK_CANCELLED');
}
