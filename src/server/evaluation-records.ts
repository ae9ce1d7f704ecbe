/**
 * Where evaluations are recorded: the store for repeated calls, the audit trail and the metrics.
 */

import { agreementOf } from '../dispatch/shadow.ts';
import { messageOf } from '../errors.ts';
import { actionKey } from '../protocol/action.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import type { Hook } from '../protocol/hook.ts';
import { howOf } from '../protocol/how.ts';
import {
  type AuditRecord,
  type AuditSubject,
  asyncRecord,
  sha256,
  shadowRecord,
} from './audit-record.ts';
import type { ServerDeps } from './deps.ts';
import { summaryWhenAsked } from './evaluation-summary.ts';
import { outcomeOf } from './outcome.ts';
import type { EvaluationStore, StoredEvaluation } from './stores.ts';

export interface RecordDeps
  extends Pick<ServerDeps, 'shadows' | 'counts' | 'audit' | 'metrics' | 'logger' | 'events'> {
  readonly evaluations: Pick<EvaluationStore, 'get' | 'put'>;
}

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
   * Finds an earlier evaluation of the same request. An error of the store counts as no such
   * evaluation, so that the event still gets an answer.
   * @param withinMs the timeout of the store.
   */
  async find(
    tenant: string,
    id: string,
    requestSha256: string,
    withinMs: number,
  ): Promise<StoredEvaluation | undefined> {
    try {
      const stored = await this.#deps.evaluations.get(tenant, id, withinMs);
      return stored?.requestSha256 === requestSha256 ? stored : undefined;
    } catch (error) {
      this.#deps.logger?.error(
        { evaluation: id, reason: messageOf(error) },
        'earlier evaluations cannot be read',
      );
      return undefined;
    }
  }

  /**
   * Records an evaluation and returns at once. A lost record does not change the decision; it is
   * counted and logged.
   */
  keep(stored: StoredEvaluation): void {
    const { metrics, evaluations, events } = this.#deps;
    const { record } = stored;
    const summary = summaryWhenAsked(stored);
    events?.publish(record.tenant, 'evaluation', summary);
    metrics.evaluated(record);
    this.#audit(record);
    this.#count(record);
    const writing = evaluations
      .put(stored, summary)
      .catch((error: unknown) => this.#lost(record, error))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /**
   * Records an async hook that has ended. No caller waits for its result, so only the audit trail,
   * the metrics and the log have it.
   */
  asyncEnded(subject: AuditSubject, dialect: string, result: HookResult, ran: Hook): void {
    const { metrics, logger } = this.#deps;
    const record = asyncRecord(subject, dialect, result, ran);
    metrics.asyncEnded(record);
    this.#audit(record);
    const { hook, event, decision, cause } = result;
    const level = cause.kind === 'fail-mode' ? 'warn' : 'debug';
    logger?.[level](
      { evaluation: record.id, hook, event, decision, cause },
      'an async hook has ended',
    );
  }

  /**
   * Records a shadow hook that has ended, and counts whether it agreed with the decision. Counts
   * are kept for stored hook sets only, because no other has a name.
   */
  shadowEnded(subject: AuditSubject, decision: Decision, result: HookResult, ran: Hook): void {
    const { metrics, logger, shadows } = this.#deps;
    const { tenant, hookset } = subject;
    const agreement = agreementOf(result, decision.decision);
    const record = shadowRecord(subject, decision, result, ran);
    metrics.shadowEnded(record, agreement);
    this.#audit(record);
    const { hook, event, cause } = result;
    const made = decision.decision;
    const said = { hook, event, decision: result.decision, made, agreement, cause };
    logger?.debug({ evaluation: record.id, ...said }, 'a shadow hook has ended');
    if (hookset === undefined) return;
    const actionSha256 = sha256(actionKey(ran.action));
    const counting = shadows
      .add(tenant, { hookset, event, hook, actionSha256 }, agreement)
      .catch((error: unknown) =>
        logger?.error(
          { evaluation: record.id, reason: messageOf(error) },
          'a shadow hook was not counted',
        ),
      )
      .finally(() => this.#writing.delete(counting));
    this.#writing.add(counting);
  }

  /** No caller waits for it. */
  #count({ id, tenant, decision, cause }: AuditRecord): void {
    const { counts, logger } = this.#deps;
    const counting = counts
      .add(tenant, outcomeOf({ decision, how: howOf(cause) }))
      .catch((error: unknown) =>
        logger?.error(
          { evaluation: id, reason: messageOf(error) },
          'an evaluation was not counted',
        ),
      )
      .finally(() => this.#writing.delete(counting));
    this.#writing.add(counting);
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
    this.#deps.logger?.error(
      { evaluation: record.id, reason: messageOf(error) },
      'an audit record was not written',
    );
  }
}
