/** Who runs one job: execute() in this process, or the queue. */
import type { HookResult } from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import type { Priority } from '../wire/job-message.ts';

/** What a runner that is not in this process has to know beside the job. */
export interface RunCall {
  readonly evaluationId: string;
  /** Milliseconds until the deadline. */
  readonly budgetMs: number;
  readonly priority: Priority;
}

/** Runs one job to its result. Resolves also when the sandbox failed; rejects only for a bug. */
export type Runner = (job: Job, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;
