/** What is kept and told of evaluations: the store for repeated calls, the audit trail, the metrics. */
import { messageOf } from '../errors.ts';
import type { HookResult } from '../protocol/decision.ts';
import { type AuditRecord, type AuditSubject, asyncRecord } from './audit-record.ts';
import type { ServerDeps } from './deps.ts';
import type { StoredEvaluation } from './stores.ts';

export type RecordDeps = Pick<ServerDeps, 'evaluations' | 'audit' | 'metrics' | 'logger'>;

export class EvaluationRecords {
  readonly #deps: RecordDeps;
  readonly #writing = new Set<Promise<void>>();

  constructor(deps: RecordDeps) {
    this.#deps = deps;
  }

  /** Resolves when no record is being written to the store. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }

  /**
   * An earlier evaluation of the same request. A store that fails is no reason to leave the event without an answer: then
   * there is none.
   * @param withinMs how long the store may take.
   */
  async find(tenant: string, id: string, requestSha256: string, withinMs: number): Promise<StoredEvaluation | undefined> {
    try {
      const stored = await this.#deps.evaluations.get(tenant, id, withinMs);
      return stored?.requestSha256 === requestSha256 ? stored : undefined;
    } catch (error) {
      this.#deps.logger?.error({ evaluation: id, reason: messageOf(error) }, 'earlier evaluations cannot be read');
      return undefined;
    }
  }

  /** Returns at once. The decision stands whatever becomes of its record; a loss is counted and logged. */
  keep(stored: StoredEvaluation): void {
    const { metrics, evaluations } = this.#deps;
    const { record } = stored;
    metrics.evaluated(record);
    this.#audit(record);
    const writing = evaluations
      .put(stored)
      .catch((error: unknown) => this.#lost(record, error))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** An async hook has ended. Nobody waits for its result: the trail and the log are where it is told. */
  asyncEnded(subject: AuditSubject, dialect: string, result: HookResult): void {
    const { metrics, logger } = this.#deps;
    const record = asyncRecord(subject, dialect, result);
    metrics.asyncEnded(record);
    this.#audit(record);
    const { hook, event, decision, cause } = result;
    const level = cause.kind === 'fail-mode' ? 'warn' : 'debug';
    logger?.[level]({ evaluation: record.id, hook, event, decision, cause }, 'an async hook has ended');
  }

  #audit(record: AuditRecord): void {
    try {
      this.#deps.audit(record)?.catch((error: unknown) => this.#lost(record, error));
    } catch (error) {
      this.#lost(record, error);
    }
  }

  #lost(record: AuditRecord, error: unknown): void {
    this.#deps.metrics.auditFailed();
    this.#deps.logger?.error({ evaluation: record.id, reason: messageOf(error) }, 'an audit record was not written');
  }
}
