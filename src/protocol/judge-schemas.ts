/** Schemas of a prompt or agent hook that files and messages of the queue have in common. */
import { z } from 'zod';
import { judgeTools, turnLimits } from './judge-action.ts';

const path = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,15}$/,
    'must be a member of the context such as tool_input.command',
  );

/** Members of the context. */
export const pathsSchema = z
  .array(path)
  .min(1, 'must name a member')
  .max(16, 'has more than 16 members');

/** Name or alias of a judge. */
export const modelSchema = z.string().min(1, 'is empty').max(200, 'has more than 200 characters');

export const toolsSchema = z.array(z.enum(judgeTools));

export const maxTurnsSchema = z.int().min(1).max(turnLimits.most);

export const cacheSchema = z.strictObject({
  seconds: z.int().min(1).max(86_400),
  of: pathsSchema.optional(),
});
