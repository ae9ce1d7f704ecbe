/**
 * What the server remembers between requests, as small interfaces: in memory for one process
 * (memory-stores.ts), in Redis for several (redis/). Every key begins with the tenant; nothing is
 * shared. A store that cannot be asked throws UnavailableError.
 */
import type { CounterKey, Counters } from '../dispatch/counters.ts';
import type { FileHint } from '../files/agents/agent-file.ts';
import type { Decision } from '../protocol/decision.ts';
import type { AuditRecord } from './audit-record.ts';

export type { CounterKey, Counters };

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
  /** Of the text, in hex: a large one is hashed when it is stored, not with every event. */
  readonly sha256: string;
  readonly contentType: string;
  readonly format: string;
  readonly dialect: string;
  readonly hookCount: number;
  /** What was said of the document when it was stored. */
  readonly hint?: FileHint | undefined;
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
  | { readonly kind: 'full'; readonly limit: 'sets' | 'bytes' | 'all-bytes'; readonly most: number };

/** `full`: the tenant has as much as it may have. `all-full`: all tenants together have. */
export type SwitchOutcome = 'on' | 'full' | 'all-full';

/** What an evaluation by name needs, as it was at one moment. */
export interface ResolvedHookSet {
  readonly set: StoredHookSet | undefined;
  /** The tenant's global sets, sorted by name. */
  readonly globals: readonly StoredHookSet[];
  /** Global sets that are there and cannot be read, in words: what they would join must not go on without them. */
  readonly corruptGlobals?: readonly string[] | undefined;
}

export interface HookSetStore {
  get(key: HookSetKey): Promise<StoredHookSet | undefined>;
  /** For an evaluation: what was read last is better than nothing, and it has `withinMs` at most. */
  resolve(tenant: string, name: string, withinMs: number): Promise<ResolvedHookSet>;
  put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome>;
  delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'>;
  /** Named ones, then global ones, each sorted by name. */
  list(tenant: string): Promise<readonly StoredHookSet[]>;
}

/**
 * On-demand hooks of one conversation. A switch may be a guard: it is not forgotten while its thread is
 * in use, and where it cannot be read that is an error, never an empty list.
 */
export interface ThreadStore {
  /** In any order. */
  active(tenant: string, thread: string, withinMs?: number): Promise<readonly string[]>;
  switchOn(tenant: string, thread: string, hook: string): Promise<SwitchOutcome>;
  switchOff(tenant: string, thread: string, hook: string): Promise<void>;
}

/** All that a replay needs; kept only where the operator turned that on. */
interface KeptRequest {
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
  readonly sha256: string;
  /** What the document itself may leave open. */
  readonly hint?: FileHint | undefined;
  /** Default: it is the body, or all of it that is no context. */
  readonly place?: HookPlace | undefined;
}

/** Where in a request's body hooks stand, as JSON pointers. */
export interface HookPlace {
  /** All of them. */
  readonly pointer: string;
  /** What the path of a field follows; absent: they are a text, which has no fields. */
  readonly fields?: string;
}

export interface StoredEvaluation {
  readonly record: AuditRecord;
  /** Tells a repeated call from another one under the same id. */
  readonly requestSha256: string;
  readonly decision: Decision;
  readonly kept?: KeptRequest | undefined;
}

export interface EvaluationStore {
  get(tenant: string, id: string, withinMs?: number): Promise<StoredEvaluation | undefined>;
  /** Nobody waits for it before the next get of the same process, which finds it all the same. */
  put(evaluation: StoredEvaluation): Promise<void>;
}

export interface Stores {
  readonly hookSets: HookSetStore;
  readonly threads: ThreadStore;
  readonly evaluations: EvaluationStore;
  /** Of conversations. What it forgets, counts from 0 again. */
  readonly counters: Counters;
}

export interface StoreLimits {
  /** Of a tenant. */
  readonly hookSets: number;
  /** Of all hook sets of a tenant together. */
  readonly hookSetBytes: number;
  readonly hooksPerThread: number;
  /** Of a tenant. */
  readonly threads: number;
  /** Of a tenant: hooks that are switched on in all its threads together. */
  readonly switches: number;
  /** Of all tenants together: what is too much is that of the tenant that has most. */
  readonly evaluations: number;
  readonly evaluationBytes: number;
  /** In memory of all tenants together (those of the tenant that has most go), in Redis of one. */
  readonly counters: number;
}

export const storeLimits: StoreLimits = {
  hookSets: 1_000,
  hookSetBytes: 32 << 20,
  hooksPerThread: 100,
  threads: 100_000,
  switches: 200_000,
  evaluations: 10_000,
  evaluationBytes: 64 << 20,
  counters: 100_000,
};
