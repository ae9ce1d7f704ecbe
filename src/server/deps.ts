/** What the server is given: it knows neither Docker nor Redis nor the environment. */
import type { FastifyBaseLogger } from 'fastify';
import type { Runner } from '../dispatch/dispatcher.ts';
import type { DecisionRecord } from '../dispatch/record.ts';
import type { Tier } from '../protocol/dialect.ts';
import type { Isolation, ScriptRunner } from '../protocol/run.ts';
import type { Script } from '../protocol/script.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import type { AuditRecord } from './audit-record.ts';
import type { Token } from './auth.ts';
import type { Stores } from './stores.ts';

/** Where jobs run: a pool in this process, or workers behind a queue. */
export interface Backend {
  readonly run: Runner;
  /** Where several servers agree on one decision per evaluationId. */
  readonly record?: DecisionRecord | undefined;
  /** One script without hooks. */
  readonly runScript: ScriptRunner;
  /** What the interpreter says against a script, in a sandbox of the tenant. Rejects when none can be asked. */
  readonly checkScript: (script: Script, tenant: string) => Promise<string | undefined>;
  /** Why work that came now would not be done; undefined when it would. */
  readonly whyNotReady: () => Promise<string | undefined>;
  /** Hooks and scripts that it can run at once; absent where that is for its queue to say. */
  readonly capacity?: number | undefined;
}

interface ServerMetrics {
  readonly contentType: string;
  readonly render: () => Promise<string>;
  readonly evaluated: (record: AuditRecord) => void;
  /** An async hook: a run, and no evaluation of its own. */
  readonly asyncEnded: (record: AuditRecord) => void;
  readonly auditFailed: () => void;
}

export interface ServerDeps extends Stores {
  readonly backend: Backend;
  readonly isolation: Isolation;
  /** Hooks of these tiers go before everybody's turn. */
  readonly urgentTiers?: readonly Tier[];
  /** Empty: no tokens, everybody may do everything. Only for loopback addresses. */
  readonly tokens: readonly Token[];
  /** May end later; what it throws or rejects with is why the record was lost. */
  readonly audit: (record: AuditRecord) => void | Promise<void>;
  /** Contexts go into the audit trail, and evaluations can be replayed. */
  readonly keepContexts: boolean;
  readonly metrics: ServerMetrics;
  readonly version: string;
  readonly bodyLimitBytes: number;
  /** Requests that are worked on at once; more are answered with 503. */
  readonly maxInFlight: number;
  /** Bytes of all request bodies together; default: 128 MiB. At least twice `bodyLimitBytes`. */
  readonly bodyMemoryBytes?: number | undefined;
  /** For large inputs; absent: they are read on the thread that answers. */
  readonly readerThreads?: ThreadPool | undefined;
  readonly logger?: FastifyBaseLogger | undefined;
}
