/**
 * What spans and log events tell: names, decisions, codes and times. No command, context, output,
 * reason, prompt or header is in them. The names are hookpool's own, because the conventions of
 * OpenTelemetry have none for guards yet.
 */
import type { Cause, HookResult } from '../../protocol/decision.ts';
import { runFacts } from '../../protocol/decision.ts';
import type { Job } from '../../protocol/job.ts';
import type { AuditRecord } from '../../server/audit-record.ts';

/** Undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** The code of a failMode; undefined for a decision that a hook made. A block is no failure. */
export function failureIn(cause: Cause | undefined): string | undefined {
  return cause?.kind === 'fail-mode' ? cause.code : undefined;
}

export function ofEvaluation(record: AuditRecord): Attributes {
  const { id, tenant, dialect, event, hookset, decidedBy, decision, cause, hooks } = record;
  return {
    'hookpool.evaluation.id': id,
    'hookpool.tenant': tenant,
    'hookpool.dialect': dialect,
    'hookpool.event': event,
    'hookpool.hookset': hookset,
    'hookpool.hooks': hooks.length,
    'hookpool.decided_by': decidedBy,
    ...ofDecision({ decision, cause }),
  };
}

export function ofJob({ dialect, hook, tenant }: Job): Attributes {
  return {
    'hookpool.hook': hook.name,
    'hookpool.hook.tier': hook.tier,
    'hookpool.hook.type': hook.action.kind,
    'hookpool.tenant': tenant,
    'hookpool.dialect': dialect.name,
    'hookpool.event': hook.event,
  };
}

/** @param waitedMs in the queue, where the result does not tell yet */
export function ofResult(result: HookResult, waitedMs?: number): Attributes {
  const { durations, facts, ranIn, decision, cause } = result;
  const { queueMs, leaseMs, runMs } = durations;
  const profile = ranIn !== undefined && 'profile' in ranIn ? ranIn.profile : undefined;
  return {
    ...ofDecision({ decision, cause }),
    'hookpool.run.status': facts?.status ?? 'not-run',
    'hookpool.profile': profile,
    'process.exit.code': runFacts(facts)?.exitCode ?? undefined,
    'hookpool.queue_ms': rounded(waitedMs ?? queueMs),
    'hookpool.lease_ms': rounded(leaseMs),
    'hookpool.run_ms': rounded(runMs),
  };
}

/** The conventions for messages (https://opentelemetry.io/docs/specs/semconv/messaging/). */
export function ofQueue(queue: string, operation: 'send' | 'process'): Attributes {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.operation.type': operation,
  };
}

function ofDecision({ decision, cause }: Pick<AuditRecord, 'decision' | 'cause'>): Attributes {
  return {
    'hookpool.decision': decision,
    'hookpool.cause.kind': cause?.kind,
    'hookpool.cause.code': failureIn(cause),
    'error.type': failureIn(cause),
  };
}

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
