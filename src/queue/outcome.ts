/** What a finished BullMQ job says, as an outcome. */
import { type FailureCode, failureCodes } from '../protocol/decision.ts';
import { parseResultMessage } from '../protocol/wire/result-message.ts';
import type { Outcome } from './pending.ts';

/** BullMQ's words for a job whose worker did not finish it. */
const stalled = /stalled/;
const coded = /^([A-Z_]+): (.*)$/s;

/** @param value the return value, parsed from JSON; event types promise a string. */
export function readReturnValue(value: unknown, hook: string): Outcome {
  const result = parseResultMessage(value, hook);
  if (result !== undefined) return { result };
  return { failure: { code: 'INTERNAL', message: 'The worker returned something that is no result of this version.' } };
}

export function readFailedReason(reason: string): Outcome {
  const [, code = '', message = ''] = coded.exec(reason) ?? [];
  if ((failureCodes as readonly string[]).includes(code)) return { failure: { code: code as FailureCode, message } };
  if (stalled.test(reason)) return { failure: { code: 'WORKER_LOST', message: 'The worker was lost while it ran the hook.' } };
  return { failure: { code: 'INTERNAL', message: `The worker failed: ${reason.slice(0, 500)}` } };
}

export function failedReason(code: FailureCode, message: string): string {
  return `${code}: ${message}`;
}
