/** One hook for one event, as a runner receives it. */
import type { Action, CommandAction, OutboundAction } from './action.ts';
import type { Content } from './content.ts';
import type { Dialect } from './dialect.ts';
import type { Hook } from './hook.ts';
import type { Isolation } from './run.ts';
import type { TraceContext } from './trace-context.ts';

/** `urgent` jobs are taken before all others. */
export const priorities = ['urgent', 'normal'] as const;
export type Priority = (typeof priorities)[number];

/** The parameters beside the job that a runner in another process needs. */
export interface RunCall {
  readonly evaluationId: string;
  /** Milliseconds until the deadline. */
  readonly budgetMs: number;
  readonly priority: Priority;
  /** What `${timestamp}` in a payload stands for, ISO 8601. Default: the present time. */
  readonly at?: string | undefined;
  /** 2: an earlier run was lost, and its request may have been sent. Default: 1. */
  readonly attempt?: number | undefined;
  /** The trace of the caller. */
  readonly trace?: TraceContext | undefined;
}

export interface Job<A extends Action = Action> {
  readonly dialect: Dialect;
  readonly hook: Hook<A>;
  readonly tenant: string;
  readonly isolation: Isolation;
  /** What the script reads from stdin. */
  readonly context: Uint8Array;
  /**
   * Text and hash of the context, one object for all jobs that have the same bytes. If it is
   * undefined, a runner that needs them computes them.
   */
  readonly content?: Content | undefined;
  readonly transcript: Uint8Array | undefined;
  /** What the hook left in its last run of the session; undefined: it keeps nothing. */
  readonly state?: Uint8Array | undefined;
  /**
   * The folder in which the agent works, as the event names it. It is only looked up among the
   * folders that the operator allows.
   */
  readonly cwd?: string | undefined;
}

/** A job that a sandbox accepts. */
export type CommandJob = Job<CommandAction>;

/** A job that a process with connections to the outside accepts. */
export type OutboundJob = Job<OutboundAction>;
