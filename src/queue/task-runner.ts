/** Runs the tasks of a worker: within their time, never one in quarantine, and with an eye on how they end. */
import { UnrecoverableError } from 'bullmq';
import { asError, messageOf } from '../errors.ts';
import type { ResultMessage } from '../protocol/wire/result-message.ts';
import type { RunResultMessage } from '../protocol/wire/run-message.ts';
import type { RedisClient } from './connection.ts';
import { failedReason } from './outcome.ts';
import { countLostSandbox, isSandboxFailure, type Quarantine } from './poison.ts';
import type { Rest } from './rest.ts';
import { type Task, TaskFailedError } from './task.ts';

/** How the taking of a job ended, and how many milliseconds it had waited in line. */
export interface JobEnd {
  readonly end: 'done' | 'failed' | 'cut-off' | 'expired' | 'quarantined' | 'put-back';
  readonly queueMs: number;
}

export interface TaskRunnerOptions {
  readonly redis: RedisClient;
  readonly worker: string;
  readonly quarantine: Quarantine;
  readonly rest: Rest;
  /** Aborted when the worker ends before its tasks have. */
  readonly stop: AbortSignal;
  readonly observe: ((end: JobEnd) => void) | undefined;
  readonly onError: (error: Error) => void;
}

const closedUnderIt = { code: 'SHUTTING_DOWN', message: 'The worker closed before the script had ended.' } as const;
const inQuarantine = {
  code: 'QUARANTINED',
  message: 'This script cost two workers or sandboxes their life; it is not run for ten minutes.',
} as const;

export class TaskRunner {
  readonly #options: TaskRunnerOptions;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** @throws UnrecoverableError for what only a failed job says */
  async run(task: Task, leftMs: number, queueMs: number): Promise<ResultMessage | RunResultMessage> {
    const { quarantine, stop } = this.#options;
    if (quarantine.has(task.scriptHash)) {
      this.#ended({ end: 'quarantined', queueMs });
      return task.refuse(inQuarantine, queueMs);
    }
    const started = performance.now();
    // No AbortSignal.any: in Node 20 `stop` would keep something of every job for as long as the worker lives.
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(new Error('The deadline of the evaluation has passed.')), leftMs);
    const closing = () => end.abort(stop.reason);
    if (stop.aborted) closing();
    stop.addEventListener('abort', closing, { once: true });
    try {
      const { returned, code, cancelled } = await task.run(end.signal, queueMs);
      await this.#judge(task, code, started);
      const cutOff = cancelled && stop.aborted;
      this.#ended({ end: cutOff ? 'cut-off' : 'done', queueMs });
      if (!cutOff) return returned;
    } catch (error) {
      this.#ended({ end: 'failed', queueMs });
      if (error instanceof TaskFailedError) await this.#judge(task, error.code, started);
      if (error instanceof UnrecoverableError) throw error;
      throw new UnrecoverableError(failedReason('INTERNAL', messageOf(error)));
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', closing);
    }
    return task.refuse(closedUnderIt, queueMs);
  }

  /** Whether the engine failed, and whether the script cost its sandbox its life. */
  async #judge({ scriptHash }: Task, code: string | undefined, started: number): Promise<void> {
    const runMs = performance.now() - started;
    const { redis, rest, worker, quarantine, onError } = this.#options;
    rest.afterJob(code);
    if (code === undefined || !isSandboxFailure(code)) return;
    try {
      if (await countLostSandbox(redis, scriptHash, worker, runMs)) quarantine.add(scriptHash);
    } catch (error) {
      onError(asError(error));
    }
  }

  #ended(end: JobEnd): void {
    this.#options.observe?.(end);
  }
}
