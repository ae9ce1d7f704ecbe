/** Events and counts of a pool, for metrics, tests and the doctor. */
import type { SandboxKind } from '../protocol/sandbox-kind.ts';

export type PoolEvent = { readonly kind: SandboxKind } & (
  | { readonly type: 'created'; readonly durationMs: number }
  | { readonly type: 'create-failed'; readonly error: Error }
  | { readonly type: 'destroyed'; readonly reason: DestroyReason }
  /** The supervisor proved the sandbox clean after a job. */
  | { readonly type: 'reset'; readonly durationMs: number }
  | { readonly type: 'leased'; readonly waitMs: number; readonly warm: boolean }
);

export type DestroyReason =
  | 'not-clean'
  | 'isolation'
  | 'worn-out'
  | 'evicted'
  | 'idle'
  | 'lost'
  | 'closed';

export interface PoolStats {
  readonly blank: number;
  readonly idle: number;
  readonly leased: number;
  readonly creating: number;
  readonly waiting: number;
}
