/**
 * The answers that a case gives in place of judges: such a test asks no model and needs no
 * operator's file, so a judge is named as the hook names it.
 */
import { z } from 'zod';
import { InvalidInputError, OutboundError } from '../../errors.ts';
import type { Exchanged, GuardedRequest } from '../../outbound/guarded-request.ts';
import { type Judge, Judges } from '../../outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../outbound/judges/settings.ts';
import { failureOf } from '../../protocol/decision.ts';
import { shown } from '../../protocol/shown.ts';
import { played } from './played.ts';

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

/**
 * A judge that no server stands behind.
 * @param settings those with which it was asked before.
 * @throws InvalidInputError where they are none.
 */
export function standIn(model: string, settings: Readonly<Record<string, unknown>> = {}): Judge {
  const { data, error } = judgesSettingsSchema.safeParse({
    judges: {
      planned: {
        ...{ format: 'openai-chat', model, inputBytes: 8 << 20, ...settings },
        ...{ baseUrl: 'https://judge.invalid/v1', tenants: ['*'] },
      },
    },
  });
  if (data !== undefined) return new Judges(data.judges).find('planned', '*');
  const text = `answers/judges.json: the settings of ${shown(model)} are none of a judge (${error.issues[0]?.message}): record them again.`;
  throw new InvalidInputError('INVALID_USAGE', text);
}

/** The answer of a case in the place of its judge's. */
export function playedJudge(planned: PlannedJudge, request: GuardedRequest): Exchanged {
  const { says, status = 200, after = 0, refuses, cut, unreachable } = planned;
  const afterMs = after * 1000;
  if (unreachable === true) {
    const why = new OutboundError('TARGET_UNREACHABLE', 'There is no connection to the judge.');
    return played({ failure: failureOf(why), afterMs }, request);
  }
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
  const body = Buffer.from(answer);
  return played({ answer: { status, body, retryAfter: undefined }, afterMs }, request);
}
