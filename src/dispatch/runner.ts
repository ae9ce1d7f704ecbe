/** Who runs one job: execute() in this process, or the queue. */
import type { HookResult } from '../protocol/decision.ts';
import type { Job, RunCall } from '../protocol/job.ts';

/** Runs one job to its result. Resolves also when the sandbox failed; rejects only for a bug. */
export type Runner = (job: Job, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;
