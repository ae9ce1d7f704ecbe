/**
 * The dependencies of the server, which itself knows neither Docker nor Redis nor the environment
 * variables.
 */
import type { FastifyBaseLogger } from 'fastify';
import type { DecisionRecord } from '../dispatch/record.ts';
import type { HttpRunner, JudgeRunner, Runner } from '../dispatch/runner.ts';
import type { Agreement } from '../dispatch/shadow.ts';
import type { OutboundAsked, OutboundKnown } from '../files/outbound-warnings.ts';
import type { Tier } from '../protocol/dialect.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import type { Isolation, ScriptRunner } from '../protocol/run.ts';
import type { Script } from '../protocol/script.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import type { AuditRecord } from './audit-record.ts';
import type { Token } from './auth.ts';
import type { EventRelay, EventSink } from './event-hub.ts';
import type { ConsoleFiles } from './routes/console-page.ts';
import type { StoredEvaluation, Stores } from './stores.ts';
import type { TenantLine } from './turns.ts';

/** What a backend tells of itself. */
export interface SystemFacts {
  readonly workers: readonly WorkerFacts[];
  /** Sandboxes of this process. */
  readonly pool?: PoolFacts | undefined;
  /** Scripts that are run in trials only, at most 200. */
  readonly quarantine: readonly QuarantineFacts[];
}

interface WorkerFacts {
  readonly name: string;
  readonly capacity: number;
  readonly running: number;
  readonly meanJobMs: number;
  readonly stuckMs?: number | undefined;
  /** False: its entry is that of another version. */
  readonly readable: boolean;
}

interface PoolFacts {
  readonly blank: number;
  readonly idle: number;
  readonly leased: number;
  readonly creating: number;
  readonly waiting: number;
}

interface QuarantineFacts {
  readonly hash: string;
  /** ISO 8601. */
  readonly until: string;
  readonly kind: string;
  readonly proofs: number;
}

/** Where jobs run: a pool in this process, or workers behind a queue. */
export interface Backend {
  readonly run: Runner;
  /** Makes the requests of http hooks; absent: no targets are configured. */
  readonly http?: HttpRunner | undefined;
  /** Asks the judges of prompt and agent hooks; absent: no judges are configured. */
  readonly judge?: JudgeRunner | undefined;
  /**
   * Makes `judge` where the tools of judges run beside hooks and scripts.
   * @param runScript runs the tools, in the turns of their tenants.
   */
  readonly judgeWith?: ((runScript: ScriptRunner) => JudgeRunner) | undefined;
  /** Whether the targets and judges that a hook of a tenant needs are there; absent: not known. */
  readonly knownOutbound?:
    | ((asked: OutboundAsked, tenant: string) => OutboundKnown | undefined)
    | undefined;
  /** Lets several servers agree on one decision per evaluationId. */
  readonly record?: DecisionRecord | undefined;
  /** Runs one script without a hook. */
  readonly runScript: ScriptRunner;
  /**
   * The error that the interpreter reports for a script, asked in a sandbox of the tenant and of
   * the profile (default: `small`). Rejects when there is no sandbox.
   */
  readonly checkScript: (
    script: Script,
    tenant: string,
    profile?: string,
  ) => Promise<string | undefined>;
  /** Workers, sandboxes and quarantine, for people; absent: there is nothing to tell. */
  readonly system?: (() => Promise<SystemFacts>) | undefined;
  /** Ends the quarantine of a script. @returns false where there is none of this name */
  readonly release?: ((script: string) => Promise<boolean>) | undefined;
  /** The line of each tenant at this server. */
  readonly lines?: (() => readonly TenantLine[]) | undefined;
  /** Why a job that arrived now would not run; undefined when it would. */
  readonly whyNotReady: () => Promise<string | undefined>;
  /**
   * Hooks and scripts that the backend can run at once; absent for a queue, where the workers
   * decide.
   */
  readonly capacity?: number | undefined;
}

interface ServerMetrics {
  readonly contentType: string;
  readonly render: () => Promise<string>;
  readonly evaluated: (record: AuditRecord) => void;
  /** Counts the run of an async hook, which is no evaluation of its own. */
  readonly asyncEnded: (record: AuditRecord) => void;
  /** Counts the run of a shadow hook. */
  readonly shadowEnded: (record: AuditRecord, agreement: Agreement) => void;
  readonly auditFailed: () => void;
}

/** What a tracing system is told of an evaluation that begins. */
interface BegunEvaluation {
  readonly tenant: string;
  /** The trace of the caller. */
  readonly trace?: TraceContext | undefined;
  /** performance.now() when the request came. */
  readonly startedAt: number;
}

/** Calls `evaluate` with the trace that the runs of its hooks belong to. */
export type TraceEvaluation = (
  begun: BegunEvaluation,
  evaluate: (trace: TraceContext | undefined) => Promise<StoredEvaluation>,
) => Promise<StoredEvaluation>;

export interface ServerDeps extends Stores {
  readonly backend: Backend;
  readonly isolation: Isolation;
  /** The profiles that hooks can run in; absent: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
  /** Hooks of these tiers run before the turns of all tenants. */
  readonly urgentTiers?: readonly Tier[];
  /** Empty: every caller may do everything. Only for loopback addresses and unix sockets. */
  readonly tokens: readonly Token[];
  /** The connections that came through a unix socket, whose file says who may connect. */
  readonly throughSocket?: WeakSet<object> | undefined;
  /**
   * Writes an audit record, maybe later. If it throws or rejects, the record was lost, and the
   * error says why.
   */
  readonly audit: (record: AuditRecord) => void | Promise<void>;
  /** True: contexts go into the audit trail, and evaluations can be replayed. */
  readonly keepContexts: boolean;
  /** False: records do not have what a tool is used on. Default: true. */
  readonly recordSubjects?: boolean | undefined;
  readonly metrics: ServerMetrics;
  /** Shows evaluations to the tracing system of the operator; absent: there is none. */
  readonly traced?: TraceEvaluation | undefined;
  /** Brings the events of other servers; absent: this one is alone. */
  readonly relay?: EventRelay | undefined;
  /** Told what happens, for people who watch. */
  readonly events?: EventSink | undefined;
  readonly version: string;
  /** The files of the console; absent: the server has none. */
  readonly console?: ConsoleFiles;
  readonly bodyLimitBytes: number;
  /** Requests that are worked on at once; more are answered with 503. */
  readonly maxInFlight: number;
  /** Bytes of all request bodies together; default: 128 MiB. At least twice `bodyLimitBytes`. */
  readonly bodyMemoryBytes?: number | undefined;
  /** Worker threads that read large inputs; absent: the main thread reads them. */
  readonly readerThreads?: ThreadPool | undefined;
  readonly logger?: FastifyBaseLogger | undefined;
}
