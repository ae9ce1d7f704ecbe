/** Converts one message of the outbound queue into a task of the worker. */
import { UnrecoverableError } from 'bullmq';
import { messageOf } from '../errors.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { OutboundJob, RunCall } from '../protocol/job.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { parseOutboundMessage } from '../wire/outbound-message.ts';
import { toResultMessage } from '../wire/result-message.ts';
import { failedReason } from './outcome.ts';
import type { Task } from './task.ts';

/** Runs one hook of any outbound kind. Resolves also when its target fails. */
export type OutboundExecutor = (
  job: OutboundJob,
  signal: AbortSignal,
  call: RunCall,
) => Promise<HookResult>;

/** Milliseconds of the budget that are left for the way back. */
const reserveMs = 50;

/** @throws UnrecoverableError `INVALID_JOB` */
export function readOutboundTask(data: unknown, worker: string, execute: OutboundExecutor): Task {
  const { job, message } = parsed(data);
  const { dialect, hook } = job;
  const { evaluationId, attempt, at, tenant, priority = 'normal' } = message;
  const answer = (result: HookResult, queueMs: number) => {
    const { asked, durations } = result;
    const told = asked === undefined ? {} : { asked: { ...asked, worker } };
    return toResultMessage(job, { ...result, ...told, durations: { ...durations, queueMs } });
  };
  return {
    tenant,
    budgetMs: message.budgetMs - reserveMs,
    script: undefined,
    apart: false,
    async run(signal, { queueMs, trace }) {
      const budgetMs = Math.max(0, message.budgetMs - reserveMs - queueMs);
      const call = { evaluationId, attempt, at, priority, budgetMs, trace };
      const result = await execute(job, signal, call);
      const { cause } = result;
      const code = cause.kind === 'fail-mode' ? cause.code : undefined;
      // An answer that arrived before the signal is one all the same.
      const cancelled = signal.aborted && code !== undefined;
      return { returned: answer(result, queueMs), code, cancelled };
    },
    refuse: (failure, queueMs) => answer(decide(dialect, hook, failure), queueMs),
  };
}

function parsed(data: unknown): ReturnType<typeof parseOutboundMessage> {
  try {
    return parseOutboundMessage(data);
  } catch (error) {
    throw new UnrecoverableError(failedReason('INVALID_JOB', messageOf(error)));
  }
}
