/**
 * The answers that a case gives in place of targets: tests send nothing and need no operator's file,
 * so a target is named by the host in the hook's address.
 */
import { z } from 'zod';
import type { HttpRunner } from '../../dispatch/runner.ts';
import { OutboundError } from '../../errors.ts';
import { AddressRules } from '../../outbound/addresses.ts';
import { HttpHooks, type PlannedAnswer } from '../../outbound/http-hook.ts';
import type { Target } from '../../outbound/targets.ts';
import { failureOf } from '../../protocol/decision.ts';
import type { RequestUrl } from '../../protocol/request-url.ts';
import { version } from '../version.ts';

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

/** Runs http hooks on the answers of a case; one without an answer fails the case. */
export function plannedRunner(planned: PlannedTargets): HttpRunner {
  const hooks = new HttpHooks({
    version: version(),
    firstWaitMs: 0,
    targets: { find: (url) => targetOf(url, planned) },
    // Any value will do, since nothing is sent.
    secrets: { valueFor: () => 'secret' },
    answerOf: ({ name }) => answerIn(planned, name),
  });
  return (job, signal, call) => hooks.run(job, signal, call);
}

function targetOf({ host }: RequestUrl, planned: PlannedTargets): Target {
  const entry = Object.hasOwn(planned, host) ? planned[host] : undefined;
  if (entry === undefined)
    throw new OutboundError(
      'OUTBOUND_UNAVAILABLE',
      `The case says nothing about ${host}: give its answer as targets: {${host}: {body: ...}}.`,
    );
  const megabyte = 1 << 20;
  return {
    ...{ name: host, rules: new AddressRules(), ca: undefined, trusted: entry.trusted === true },
    ...{ requestBytes: 9 * megabyte, answerBytes: megabyte, timeoutMs: Infinity },
  };
}

function answerIn(planned: PlannedTargets, host: string): PlannedAnswer {
  const { status = 200, body = '', after = 0, unreachable } = planned[host] ?? {};
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
