/** What a pool keeps, and what it hands out for one job. */
import type { RunRequest, RunResult } from '../protocol/run.ts';
import type { Sandbox } from './sandbox.ts';

/** What the pool needs of a sandbox; tests bring their own. */
export type PooledSandbox = Pick<
  Sandbox,
  'id' | 'createdAt' | 'jobs' | 'state' | 'run' | 'ready' | 'ping' | 'onGone' | 'destroy'
>;

/** The exclusive right to one sandbox for one job. */
export interface Lease {
  /** Time from asking to having, in milliseconds. */
  readonly waitMs: number;
  /** False when the sandbox had to be created for this lease. */
  readonly warm: boolean;
  /** The first 12 digits of the container's id. */
  readonly container: string;
  run(request: RunRequest, signal?: AbortSignal): Promise<RunResult>;
  /** Gives the sandbox back; the reset goes on behind the caller's back. */
  release(): void;
}
