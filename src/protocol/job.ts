/** One hook for one event, as a runner gets it. */
import type { Failure } from './decision.ts';
import type { Dialect } from './dialect.ts';
import type { Hook } from './hook.ts';
import type { Isolation } from './run.ts';

/** Why a hook without a script is not run: its failMode speaks. */
export const promptHookFailure: Failure = {
  code: 'HOOK_TYPE_UNSUPPORTED',
  message: 'This is a prompt hook: it needs a model, and hookpool runs command hooks only.',
};

/** `urgent` jobs are taken before all others. */
export const priorities = ['urgent', 'normal'] as const;
export type Priority = (typeof priorities)[number];

/** What a runner that is not in this process has to know beside the job. */
export interface RunCall {
  readonly evaluationId: string;
  /** Milliseconds until the deadline. */
  readonly budgetMs: number;
  readonly priority: Priority;
}

export interface Job {
  readonly dialect: Dialect;
  readonly hook: Hook;
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly context: Uint8Array;
  readonly transcript: Uint8Array | undefined;
}
