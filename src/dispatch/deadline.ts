/** The deadline by which the hooks of an evaluation must have answered. */
import { setMaxListeners } from 'node:events';
import { abortedError, messageOf, UnavailableError } from '../errors.ts';
import { type Failure, failureOf, type HookResult } from '../protocol/decision.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job, Priority } from '../protocol/job.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import { decide } from '../protocol/verdict/decide.ts';
import type { JobRunner } from './runner.ts';

export interface CallBasis {
  readonly evaluationId: string;
  readonly trace?: TraceContext | undefined;
  readonly priorityOf: (hook: Hook) => Priority;
}

/** One timer for all hooks that share the deadline, started before the first hook. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #passed: Promise<Failure>;
  readonly #timer: NodeJS.Timeout;
  readonly #atMs: number;
  readonly #call: CallBasis;
  readonly #end: () => void;

  /**
   * @param atMs on the clock of performance.now()
   * @param cancel aborts the hooks before the deadline.
   */
  constructor(atMs: number, call: CallBasis, cancel?: AbortSignal) {
    const { signal } = this.#controller;
    this.#atMs = atMs;
    this.#call = call;
    // Every hook of the event adds several listeners, so more than ten are no leak.
    setMaxListeners(0, signal);
    this.#passed = new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(failureOf(signal.reason)), { once: true });
    });
    const late = () =>
      this.#controller.abort(
        new UnavailableError('DEADLINE', 'The time for this evaluation was over.'),
      );
    this.#timer = setTimeout(late, Math.max(0, atMs - performance.now()));
    this.#end = cancel === undefined ? () => undefined : this.#follow(cancel);
  }

  /**
   * Returns the hook's result, or the decision of its failMode after the deadline or a bug of the
   * runner.
   */
  async guard(job: Job, run: JobRunner): Promise<HookResult> {
    const { signal } = this.#controller;
    if (signal.aborted) return decide(job.dialect, job.hook, failureOf(signal.reason));
    const { evaluationId, trace, priorityOf } = this.#call;
    const call = {
      evaluationId,
      trace,
      priority: priorityOf(job.hook),
      budgetMs: Math.max(1, this.#atMs - performance.now()),
    };
    const running = runSafely(job, signal, (one, abort) => run(one, abort, call));
    const first = await Promise.race([running, this.#passed]);
    return 'decision' in first ? first : decide(job.dialect, job.hook, first);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#end();
  }

  #follow(cancel: AbortSignal): () => void {
    const cut = () => this.#controller.abort(abortedError(cancel));
    if (cancel.aborted) cut();
    cancel.addEventListener('abort', cut, { once: true });
    return () => cancel.removeEventListener('abort', cut);
  }
}

/** A runner that throws or returns no result has a bug: the hook counts as its failMode. */
async function runSafely(job: Job, signal: AbortSignal, run: JobRunner): Promise<HookResult> {
  try {
    const result = await run(job, signal);
    if (result?.decision !== undefined) return result;
    throw new Error('the runner gave no result');
  } catch (error) {
    return decide(job.dialect, job.hook, {
      code: 'INTERNAL',
      message: `hookpool failed: ${messageOf(error)}`,
    });
  }
}
