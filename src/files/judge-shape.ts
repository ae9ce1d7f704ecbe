/** The schema of the keys that only prompt and agent hooks have. */
import { z } from 'zod';
import { turnLimits } from '../protocol/judge-action.ts';
import {
  cacheSchema,
  maxTurnsSchema,
  modelSchema,
  pathsSchema,
  toolsSchema,
} from '../protocol/judge-schemas.ts';

export const judgeShape = {
  prompt: z.string().optional().meta({
    description: 'prompt and agent hooks: the policy; $ARGUMENTS stands for the context.',
  }),
  model: modelSchema.optional().meta({
    description: 'prompt and agent hooks: name or alias of a judge of the operator.',
  }),
  select: pathsSchema.optional().meta({
    description: 'prompt and agent hooks: the members of the context that the judge sees.',
  }),
  tools: toolsSchema.optional().meta({
    description: 'prompt and agent hooks: what the judge may use, in a sandbox.',
  }),
  maxTurns: maxTurnsSchema
    .optional()
    .meta({ description: `agent hooks: turns of the judge. Default ${turnLimits.default}.` }),
  mayOverride: z.boolean().optional().meta({
    description: 'prompt and agent hooks: an approval of the judge counts. Default false.',
  }),
  continueOnBlock: z.boolean().optional().meta({
    description: 'prompt hooks: a rejection does not end the turn, where the dialect would end it.',
  }),
  cache: cacheSchema.optional().meta({
    description: 'prompt hooks: equal questions within so many seconds have one answer.',
  }),
};
