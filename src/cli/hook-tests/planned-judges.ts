/**
 * The answers that a case gives in place of judges: tests ask no model and need no operator's file,
 * so a judge is named as the hook names it.
 */
import { z } from 'zod';
import type { JudgeRunner } from '../../dispatch/runner.ts';
import { OutboundError } from '../../errors.ts';
import type { Exchanged, GuardedRequest } from '../../outbound/guarded-request.ts';
import { timeoutOf } from '../../outbound/guarded-request.ts';
import { MemoryCache } from '../../outbound/judges/cache.ts';
import { JudgeHooks } from '../../outbound/judges/judge-hook.ts';
import { type Judge, Judges } from '../../outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../outbound/judges/settings.ts';
import { failureOf } from '../../protocol/decision.ts';
import { version } from '../version.ts';

/** Failures that a case can bring about. */
export const plannedJudgeCauses = [
  'JUDGE_UNAVAILABLE',
  'JUDGE_RATE_LIMITED',
  'INPUT_TOO_LARGE',
] as const;

export const plannedJudgeSchema = z.strictObject({
  says: z.json('is not what JSON can hold').optional().meta({
    description:
      'The answer: a text as it is, any other value as JSON, such as {ok: false, reason: no}.',
  }),
  status: z.int().min(200).max(599).optional().meta({ description: 'Default 200.' }),
  after: z.number().min(0).max(3600).optional().meta({
    description: 'Seconds until the answer. Nobody waits: one beyond the timeout is a timeout.',
  }),
  refuses: z.boolean().optional().meta({ description: 'The model refuses to answer.' }),
  cut: z.boolean().optional().meta({ description: 'The answer ends at the limit of tokens.' }),
  unreachable: z.boolean().optional().meta({ description: 'There is no connection.' }),
});

export const plannedJudgesSchema = z.record(z.string(), plannedJudgeSchema).meta({
  description:
    'Judge of a prompt or agent hook, as the hook names it -> what it answers in this case.',
});

export type PlannedJudges = z.infer<typeof plannedJudgesSchema>;
type PlannedJudge = z.infer<typeof plannedJudgeSchema>;

/** Asks the judges of a case; one without an answer fails the case. */
export function plannedJudges(planned: PlannedJudges): JudgeRunner {
  const hooks = new JudgeHooks({
    ...{ version: version(), firstWaitMs: 0, cache: new MemoryCache() },
    judges: { find: (model) => judgeOf(model, planned) },
    planned: ({ entry }, request) => played(planned[entry.model] ?? {}, request),
  });
  return (job, signal, call) => hooks.run(job, signal, call);
}

function judgeOf(model: string, planned: PlannedJudges): Judge {
  if (!Object.hasOwn(planned, model))
    throw new OutboundError(
      'OUTBOUND_UNAVAILABLE',
      `The case says nothing about the judge ${model}: give its answer as judges: {"${model}": {says: ...}}.`,
    );
  const { judges } = judgesSettingsSchema.parse({
    judges: {
      planned: {
        ...{ format: 'openai-chat', baseUrl: 'https://judge.invalid/v1', model, tenants: ['*'] },
        inputBytes: 8 << 20,
      },
    },
  });
  return new Judges(judges).find('planned', '*');
}

function played(
  { says, status = 200, after = 0, refuses, cut, unreachable }: PlannedJudge,
  request: GuardedRequest,
): Exchanged {
  const { url, method, body, timeoutMs } = request;
  const text = typeof says === 'string' ? says : JSON.stringify(says ?? '');
  const message = refuses === true ? { content: null, refusal: 'no' } : { content: text };
  const answer = JSON.stringify({
    choices: [
      {
        ...{ index: 0, finish_reason: cut === true ? 'length' : 'stop' },
        message: { role: 'assistant', ...message },
      },
    ],
  });
  const facts = {
    ...{ method, host: url.host, port: url.port, path: url.path, address: null, attempts: 1 },
    ...{ status: unreachable === true ? null : status, requestBytes: body.length },
    ...{ responseBytes: answer.length, connectMs: null, firstByteMs: null, totalMs: after * 1000 },
  };
  if (after * 1000 >= timeoutMs) return { failure: timeoutOf(request), facts };
  if (unreachable === true) {
    const why = new OutboundError('TARGET_UNREACHABLE', 'There is no connection to the judge.');
    return { failure: failureOf(why), facts };
  }
  return { answer: { status, body: Buffer.from(answer), retryAfter: undefined }, facts };
}
