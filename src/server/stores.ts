/**
 * What the server remembers between requests, as small interfaces: in memory for one process
 * (memory-stores.ts), in Redis for several. Every key begins with the tenant; nothing is shared.
 */
import type { Decision } from '../protocol/decision.ts';
import type { AuditRecord } from './audit-record.ts';

/** `named`: evaluated by its name. `global`: joins every evaluation of an agent's set. */
export const scopes = ['named', 'global'] as const;
export type Scope = (typeof scopes)[number];

export interface HookSetKey {
  readonly tenant: string;
  readonly scope: Scope;
  readonly name: string;
}

/** A document as it was sent, and what the check found in it. */
export interface HookSetContent {
  readonly text: string;
  readonly contentType: string;
  readonly format: string;
  readonly dialect: string;
  readonly hookCount: number;
}

export interface StoredHookSet extends HookSetKey, HookSetContent {
  /** Counts up with every change of this name. */
  readonly version: number;
  /** Entity tag, quotes included; never given twice, also not after a delete. */
  readonly etag: string;
  readonly storedAt: string;
}

/** The caller's precondition; all that is given must hold, in the same step as the change. */
export interface Condition {
  /** One of these entity tags, or `*` for any. */
  readonly ifMatch?: readonly string[] | undefined;
  /** True: there must be none yet. */
  readonly ifAbsent?: boolean | undefined;
}

export type PutOutcome =
  | { readonly kind: 'stored'; readonly stored: StoredHookSet; readonly created: boolean }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'full'; readonly limit: number };

export interface HookSetStore {
  get(key: HookSetKey): Promise<StoredHookSet | undefined>;
  put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome>;
  delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'>;
  /** Sorted by name. */
  list(tenant: string, scope: Scope): Promise<readonly StoredHookSet[]>;
}

/** On-demand hooks of one conversation. A switch is never forgotten by itself: it may be a guard. */
export interface ThreadStore {
  active(tenant: string, thread: string): Promise<readonly string[]>;
  switchOn(tenant: string, thread: string, hook: string): Promise<'on' | 'full'>;
  switchOff(tenant: string, thread: string, hook: string): Promise<void>;
}

/** All that a replay needs; kept only where the operator turned that on. */
export interface KeptRequest {
  readonly documents: readonly HookDocument[];
  readonly event: string | undefined;
  readonly context: string;
  readonly transcript: string | undefined;
  readonly active: readonly string[];
  readonly deadlineMs: number | undefined;
}

/** The text of hooks and the name under which problems and hooks of it are told. */
export interface HookDocument {
  readonly name: string;
  readonly scope: Scope;
  readonly text: string;
}

export interface StoredEvaluation {
  readonly record: AuditRecord;
  /** Tells a repeated call from another one under the same id. */
  readonly requestSha256: string;
  readonly decision: Decision;
  readonly kept?: KeptRequest | undefined;
}

export interface EvaluationStore {
  get(tenant: string, id: string): Promise<StoredEvaluation | undefined>;
  put(evaluation: StoredEvaluation): Promise<void>;
}
