/**
 * Interfaces of what the server stores between requests: in memory for one process
 * (memory-stores.ts), in Redis for several (src/redis-stores). Every key begins with the tenant;
 * tenants share nothing. A store that cannot be reached throws UnavailableError.
 */
import type { CounterKey, Counters } from '../dispatch/counters.ts';
import type { StateStore } from '../dispatch/states.ts';
import type { FileHint } from '../files/agents/agent-file.ts';
import type { Decision } from '../protocol/decision.ts';
import type { AuditRecord } from './audit-record.ts';
import type { CountStore } from './count-store.ts';
import type {
  EvaluationPage,
  EvaluationSearch,
  PageOptions,
  Summary,
} from './evaluation-summary.ts';
import type { ServedExplanation } from './explanation.ts';
import type { ShadowStore } from './shadow-store.ts';

export type { CounterKey, Counters };

/** `named`: evaluated by its name. `global`: joins every evaluation of an agent's set. */
export const scopes = ['named', 'global'] as const;
export type Scope = (typeof scopes)[number];

export interface HookSetKey {
  readonly tenant: string;
  readonly scope: Scope;
  readonly name: string;
}

/** A document as it was sent, and the results of its check. */
export interface HookSetContent {
  readonly text: string;
  /** Hash of the text in hex: a large text is hashed when it is stored, not with every event. */
  readonly sha256: string;
  readonly contentType: string;
  readonly format: string;
  readonly dialect: string;
  readonly hookCount: number;
  /** The hint of the request that stored the document. */
  readonly hint?: FileHint | undefined;
  /** Name of the token that stored it. */
  readonly by?: string | undefined;
}

export interface StoredHookSet extends HookSetKey, HookSetContent {
  /** Counts up with every change of this name. */
  readonly version: number;
  /** Entity tag, quotes included; never given twice, also not after a delete. */
  readonly etag: string;
  readonly storedAt: string;
}

/** The caller's precondition: all given fields must hold, in the same atomic step as the change. */
export interface Condition {
  /** One of these entity tags, or `*` for any. */
  readonly ifMatch?: readonly string[] | undefined;
  /** True: there must be no set of this name yet. */
  readonly ifAbsent?: boolean | undefined;
}

export type PutOutcome =
  | { readonly kind: 'stored'; readonly stored: StoredHookSet; readonly created: boolean }
  | { readonly kind: 'mismatch' }
  | {
      readonly kind: 'full';
      readonly limit: 'sets' | 'bytes' | 'all-bytes';
      readonly most: number;
    };

/**
 * `full`: the tenant has reached its limit. `all-full`: all tenants together have reached theirs.
 */
export type SwitchOutcome = 'on' | 'full' | 'all-full';

/** The hook sets that an evaluation by name needs, as they were at one moment. */
export interface ResolvedHookSet {
  readonly set: StoredHookSet | undefined;
  /** The tenant's global sets, sorted by name. */
  readonly globals: readonly StoredHookSet[];
  /**
   * Descriptions of the global sets that exist and cannot be read: an evaluation that they would
   * join must not go on without them.
   */
  readonly corruptGlobals?: readonly string[] | undefined;
}

export interface HookSetStore {
  get(key: HookSetKey): Promise<StoredHookSet | undefined>;
  /**
   * For an evaluation: takes `withinMs` at most, and falls back to the result that was read last.
   */
  resolve(tenant: string, name: string, withinMs: number): Promise<ResolvedHookSet>;
  put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome>;
  delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'>;
  /** Named ones, then global ones, each sorted by name. */
  list(tenant: string): Promise<readonly StoredHookSet[]>;
}

/** A version in a list: without its text. */
export type ListedVersion = Omit<StoredHookSet, 'text'> & { readonly bytes: number };

/**
 * The last 20 versions of each hook set. One that is lost changes no decision: where there is no
 * more room, the oldest of the tenant are removed.
 */
export interface VersionStore {
  keep(set: StoredHookSet): Promise<void>;
  /** @param newest the version that counts; the newest first, only those that are kept */
  list(key: HookSetKey, newest: number): Promise<readonly ListedVersion[]>;
  get(key: HookSetKey, version: number): Promise<StoredHookSet | undefined>;
  forget(key: HookSetKey, newest: number): Promise<void>;
}

export const keptVersions = 20;

/**
 * The on-demand hooks that are switched on for a thread. Such a hook may be a guard: the store must
 * not forget it while the thread is in use, and must throw where it cannot read, never return an
 * empty list.
 */
export interface ThreadStore {
  /** The names of the hooks, in any order. */
  active(tenant: string, thread: string, withinMs?: number): Promise<readonly string[]>;
  switchOn(tenant: string, thread: string, hook: string): Promise<SwitchOutcome>;
  switchOff(tenant: string, thread: string, hook: string): Promise<void>;
}

/** The input of a replay; kept only where the operator turned that on. */
export interface KeptRequest {
  readonly documents: readonly HookDocument[];
  readonly event: string | undefined;
  readonly context: string;
  readonly transcript: string | undefined;
  readonly active: readonly string[];
  readonly deadlineMs: number | undefined;
  /** Absent in records of servers before 0.2. */
  readonly cwd?: string | undefined;
}

/** The text of hooks, and the name under which its hooks and problems are reported. */
export interface HookDocument {
  readonly name: string;
  readonly scope: Scope;
  readonly text: string;
  readonly sha256: string;
  /** Settings that the document itself may leave open. */
  readonly hint?: FileHint | undefined;
  /** Default: the document is the body, or all of the body but the context. */
  readonly place?: HookPlace | undefined;
}

/** The place of hooks in the body of a request, as JSON pointers. */
export interface HookPlace {
  /** Pointer to all hooks. */
  readonly pointer: string;
  /** Pointer in front of the path of a field; absent: the hooks are a text, which has no fields. */
  readonly fields?: string;
}

export interface StoredEvaluation {
  readonly record: AuditRecord;
  /** Distinguishes a repeated call from another request under the same id. */
  readonly requestSha256: string;
  readonly decision: Decision;
  readonly kept?: KeptRequest | undefined;
  /** Only where the caller asked for one. */
  readonly explanation?: ServedExplanation | undefined;
}

export interface EvaluationStore {
  /**
   * Finds evaluations of a tenant, the newest first. Looks at 2,000 of them at most; a page that is
   * not full can have a next one.
   * @throws HttpError 400 for a `before` that is not the `next` of an earlier page
   */
  list(tenant: string, search: EvaluationSearch, page: PageOptions): Promise<EvaluationPage>;
  get(tenant: string, id: string, withinMs?: number): Promise<StoredEvaluation | undefined>;
  /**
   * The caller need not wait for it: the next get() of the same process finds the evaluation all
   * the same.
   * @param summary that of the evaluation, for a store that keeps it
   */
  put(evaluation: StoredEvaluation, summary?: Summary): Promise<void>;
}

export interface Stores {
  readonly hookSets: HookSetStore;
  readonly versions: VersionStore;
  readonly threads: ThreadStore;
  readonly evaluations: EvaluationStore;
  /** Counters of threads and sessions. A counter that is forgotten starts again from 0. */
  readonly counters: Counters;
  /** What hooks with `state: session` left. A state that is forgotten is empty. */
  readonly states: StateStore;
  readonly shadows: ShadowStore;
  /** How evaluations ended in the last 24 hours. */
  readonly counts: CountStore;
}

export interface StoreLimits {
  /** Hook sets of one tenant. */
  readonly hookSets: number;
  /** Bytes of all hook sets of one tenant together. */
  readonly hookSetBytes: number;
  /** Versions of hook sets: in memory of all tenants, in Redis of one. */
  readonly versions: number;
  readonly versionBytes: number;
  readonly hooksPerThread: number;
  /** Threads of one tenant that have hooks switched on. */
  readonly threads: number;
  /** Hooks that are switched on in all threads of one tenant together. */
  readonly switches: number;
  /**
   * Evaluations of all tenants together; beyond the limit those of the tenant that has most are
   * evicted.
   */
  readonly evaluations: number;
  readonly evaluationBytes: number;
  /**
   * In memory: counters of all tenants together, where those of the tenant that has most are
   * evicted. In Redis: of one tenant.
   */
  readonly counters: number;
  /** States of hooks, counted and bounded as counters are. */
  readonly states: number;
  readonly stateBytes: number;
  /** Shadow hooks that are counted, bounded as counters are. */
  readonly shadows: number;
}

export const storeLimits: StoreLimits = {
  hookSets: 1_000,
  hookSetBytes: 32 << 20,
  versions: 20_000,
  versionBytes: 32 << 20,
  hooksPerThread: 100,
  threads: 100_000,
  switches: 200_000,
  evaluations: 10_000,
  evaluationBytes: 64 << 20,
  counters: 100_000,
  states: 10_000,
  stateBytes: 32 << 20,
  shadows: 1_000,
};

/** How long the state of a hook is kept after its last run in the session, in milliseconds. */
export const stateLifeMs = 7 * 86_400_000;
