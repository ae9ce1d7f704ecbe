/** What a pool is made of, and its limits. */
import type { SandboxKind } from '../protocol/sandbox-kind.ts';
import type { PooledSandbox } from './lease.ts';
import type { PoolEvent } from './pool-events.ts';

export interface PoolOptions {
  /** Makes one sandbox of the kind, ready to run. */
  readonly create: (kind: SandboxKind) => Promise<PooledSandbox>;
  /**
   * Blank sandboxes to keep ready of the default kind, and of each profile that a job without a
   * workspace used in the last `idleMs`.
   */
  readonly warm: number;
  /**
   * Begins at once to create one sandbox of the default kind, for a job that is about to come. A
   * failure is left to the creation that the job itself asks for. Default: false.
   */
  readonly prepared?: boolean;
  /** Sandboxes of any state and kind that may exist at once. */
  readonly max: number;
  readonly acquireTimeoutMs?: number;
  /**
   * A sandbox is destroyed after this many jobs or at the age of `maxAgeMs`, which bounds unknown
   * leaks.
   */
  readonly maxJobs?: number;
  readonly maxAgeMs?: number;
  /** A tenant's sandbox that waited this long for its next job is destroyed. */
  readonly idleMs?: number;
  readonly observe?: (event: PoolEvent) => void;
  /** Removes sandboxes that no worker owns; called at the start and once a minute. */
  readonly reap?: () => Promise<unknown>;
}

export interface AcquireOptions {
  /** Default: the default profile without a workspace. */
  readonly kind?: SandboxKind | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const poolDefaults = {
  acquireTimeoutMs: 30_000,
  maxJobs: 1_000,
  maxAgeMs: 600_000,
  idleMs: 300_000,
  prepared: false,
};
