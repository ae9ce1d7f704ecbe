/**
 * The answers that a case gives in place of targets: such a test sends nothing and needs no
 * operator's file, so a target is named by the host in the hook's address.
 */
import { z } from 'zod';
import { OutboundError } from '../../errors.ts';
import { AddressRules } from '../../outbound/addresses.ts';
import type { Target } from '../../outbound/targets.ts';
import { failureOf } from '../../protocol/decision.ts';
import type { PlannedAnswer } from './played.ts';

export const plannedSchema = z.strictObject({
  status: z.int().min(200).max(599).optional().meta({ description: 'Default 200.' }),
  body: z
    .json('is not what JSON can hold')
    .optional()
    .meta({ description: 'A text as it is, any other value as JSON. Default: empty.' }),
  after: z.number().min(0).max(3600).optional().meta({
    description: 'Seconds until the answer. Nobody waits: one beyond the timeout is a timeout.',
  }),
  unreachable: z.boolean().optional().meta({ description: 'There is no connection.' }),
  trusted: z.boolean().optional().meta({ description: 'As in the targets file. Default false.' }),
});

export const plannedTargetsSchema = z.record(z.string(), plannedSchema).meta({
  description: 'Host of an http hook -> what its service answers in this case.',
});

export type PlannedTargets = z.infer<typeof plannedTargetsSchema>;
type PlannedTarget = z.infer<typeof plannedSchema>;

/** A target of which nothing is asked. */
export function standInTarget(host: string, trusted: boolean): Target {
  const megabyte = 1 << 20;
  return {
    ...{ name: host, rules: new AddressRules(), ca: undefined, trusted },
    ...{ requestBytes: 9 * megabyte, answerBytes: megabyte, timeoutMs: Infinity },
  };
}

/** The answer of a case in the place of its service's. */
export function answerIn(planned: PlannedTarget, host: string): PlannedAnswer {
  const { status = 200, body = '', after = 0, unreachable } = planned;
  const afterMs = after * 1000;
  if (unreachable === true)
    return {
      failure: failureOf(
        new OutboundError('TARGET_UNREACHABLE', `There is no connection to ${host}.`),
      ),
      afterMs,
    };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { answer: { status, body: Buffer.from(text), retryAfter: undefined }, afterMs };
}
