/** The schema of the keys that only prompt and agent hooks have. */
import { z } from 'zod';
import { judgeTools, turnLimits } from '../protocol/judge-action.ts';

const path = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,15}$/,
    'must be a member of the context such as tool_input.command',
  );
const paths = z.array(path).min(1, 'must name a member').max(16, 'has more than 16 members');

export const judgeShape = {
  prompt: z.string().optional().meta({
    description: 'prompt and agent hooks: the policy; $ARGUMENTS stands for the context.',
  }),
  model: z.string().min(1, 'is empty').max(200, 'has more than 200 characters').optional().meta({
    description: 'prompt and agent hooks: name or alias of a judge of the operator.',
  }),
  select: paths.optional().meta({
    description: 'prompt and agent hooks: the members of the context that the judge sees.',
  }),
  tools: z.array(z.enum(judgeTools)).optional().meta({
    description: 'prompt and agent hooks: what the judge may use, in a sandbox.',
  }),
  maxTurns: z
    .int()
    .min(1)
    .max(turnLimits.most)
    .optional()
    .meta({ description: `agent hooks: turns of the judge. Default ${turnLimits.default}.` }),
  mayOverride: z.boolean().optional().meta({
    description: 'prompt and agent hooks: an approval of the judge counts. Default false.',
  }),
  continueOnBlock: z.boolean().optional().meta({
    description: 'prompt hooks: a rejection does not end the turn, where the dialect would end it.',
  }),
  cache: z
    .strictObject({ seconds: z.int().min(1).max(86_400), of: paths.optional() })
    .optional()
    .meta({
      description: 'prompt hooks: equal questions within so many seconds have one answer.',
    }),
};
