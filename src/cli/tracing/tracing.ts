/** What a process shows to the tracing system of its operator. */
import type { HookResult } from '../../protocol/decision.ts';
import type { Job } from '../../protocol/job.ts';
import type { TraceContext } from '../../protocol/trace-context.ts';
import type { Backend, TraceEvaluation } from '../../server/deps.ts';

/** What a worker knows of a job beside the job. */
export interface TakenJob {
  /** The trace of the one who added it. */
  readonly trace?: TraceContext | undefined;
  /** Milliseconds in the queue; undefined: not known. */
  readonly queueMs?: number | undefined;
}

export interface Tracing {
  /** Evaluates within a span, and sends a log event of the decision. */
  readonly evaluation: TraceEvaluation;
  /**
   * The backend, with a span around each run of a hook.
   * @param queue its name; undefined: the hooks run in this process
   */
  backend(backend: Backend, queue: string | undefined): Backend;
  /** A span around a job that a worker has taken from the queue. */
  job(
    queue: string,
    job: Job,
    taken: TakenJob,
    run: (trace: TraceContext | undefined) => Promise<HookResult>,
  ): Promise<HookResult>;
  /** Sends what waits, for at most two seconds. */
  close(): Promise<void>;
}
