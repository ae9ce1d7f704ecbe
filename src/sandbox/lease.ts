/** The sandbox as a pool sees it, and the lease that the pool hands out for one job. */
import type { RunRequest, RunResult } from '../protocol/run.ts';
import type { SandboxKind } from '../protocol/sandbox-kind.ts';
import type { Sandbox } from './sandbox.ts';

/** The part of Sandbox that the pool needs; tests supply their own. */
export type PooledSandbox = Pick<
  Sandbox,
  'id' | 'createdAt' | 'jobs' | 'state' | 'run' | 'ready' | 'ping' | 'onGone' | 'destroy'
>;

/** The exclusive right to one sandbox for one job. */
export interface Lease {
  readonly kind: SandboxKind;
  /** Milliseconds from acquire() to the lease. */
  readonly waitMs: number;
  /** False when the sandbox had to be created for this lease. */
  readonly warm: boolean;
  /** The first 12 digits of the container's id. */
  readonly container: string;
  run(request: RunRequest, signal?: AbortSignal): Promise<RunResult>;
  /** Gives the sandbox back; its reset continues in the background. */
  release(): void;
}

/** Length of an id as the engine's own tools show it. */
const shownIdLength = 12;

/** @param release called once, at the first release of the lease. */
export function leaseOf(
  sandbox: PooledSandbox,
  facts: Pick<Lease, 'kind' | 'waitMs' | 'warm'>,
  release: () => void,
): Lease {
  let released = false;
  return {
    ...facts,
    container: sandbox.id.slice(0, shownIdLength),
    run: (request, signal) => sandbox.run(request, signal),
    release: () => {
      if (released) return;
      released = true;
      release();
    },
  };
}
