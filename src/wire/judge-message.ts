/** The hook of a prompt or agent job in the queue: its question, and what its judge may use. */
import { z } from 'zod';
import type { Dialect } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import type { JudgeAction } from '../protocol/judge-action.ts';
import { judgeKeyProblems } from '../protocol/judge-keys.ts';
import {
  cacheSchema,
  maxTurnsSchema,
  modelSchema,
  pathsSchema,
  toolsSchema,
} from '../protocol/judge-schemas.ts';
import { promptProblem } from '../protocol/prompt-template.ts';
import type { Isolation } from '../protocol/run.ts';
import { toCwd } from './job-message.ts';
import { outboundHookShape, outboundShape, sandboxShape, toHookFields } from './outbound-shape.ts';
import { decodeText, invalidJob } from './text.ts';

const judgeHookSchema = z.strictObject({
  ...outboundHookShape,
  /** The author's text with its placeholders, at most 65,536 characters. */
  prompt: z.string(),
  /** Name or alias of a judge of the worker; absent: the dialect's. No message holds a key. */
  model: modelSchema.optional(),
  select: pathsSchema.optional(),
  tools: toolsSchema,
  maxTurns: maxTurnsSchema,
  mayOverride: z.boolean().optional(),
  continueOnBlock: z.boolean().optional(),
  cache: cacheSchema.optional(),
});

const shape = { ...outboundShape, ...sandboxShape, hook: judgeHookSchema };

export const promptMessageSchema = z.strictObject({ ...shape, kind: z.literal('prompt') });
export const agentMessageSchema = z.strictObject({ ...shape, kind: z.literal('agent') });

type JudgeHookMessage = z.infer<typeof judgeHookSchema>;

/** What a message of these kinds has beside that of all kinds. */
interface JudgePart {
  readonly hook: JudgeHookMessage;
  readonly isolation: Isolation;
  readonly transcript?: string;
  readonly cwd?: string;
}

/** @throws InvalidInputError `INVALID_JOB` for a transcript that is no UTF-8. */
export function toJudgePart(
  hook: Hook<JudgeAction>,
  { isolation, transcript, cwd }: Pick<Job, 'isolation' | 'transcript' | 'cwd'>,
): JudgePart {
  const { prompt, model, select, tools, maxTurns, mayOverride, continueOnBlock, cache } =
    hook.action;
  // Nobody else reads it, and it has up to 8 MiB.
  const isRead = transcript !== undefined && tools.length > 0;
  return {
    hook: {
      ...{ ...toHookFields(hook), prompt, model, tools: [...tools], maxTurns },
      ...{ mayOverride, continueOnBlock },
      // A file or a message gave them: they are JSON.
      select: select as JudgeHookMessage['select'],
      cache: cache as JudgeHookMessage['cache'],
    },
    isolation,
    ...(isRead ? { transcript: decodeText('transcript', transcript) } : {}),
    ...(tools.length > 0 ? toCwd(cwd) : {}),
  };
}

/**
 * The action as a file would have given it: any program may have added the message.
 * @throws InvalidInputError `INVALID_JOB` naming the field and never its text.
 */
export function readJudgeAction(
  kind: JudgeAction['kind'],
  hook: JudgeHookMessage,
  { judges }: Dialect,
): JudgeAction {
  const { event, prompt, model, select, tools, maxTurns } = hook;
  const { mayOverride, continueOnBlock, cache } = hook;
  if (judges.notAt?.includes(event) === true)
    throw invalidJob(`hook.event: none at which the dialect has ${kind} hooks`);
  if (promptProblem(judges.placeholders, prompt) !== undefined)
    throw invalidJob('hook.prompt: not what a hook can ask');
  const [problem] = judgeKeyProblems({ kind, tools, mayOverride, cache });
  if (problem !== undefined)
    throw invalidJob(`hook.${problem[0]}: not what such a hook of kind ${kind} can have`);
  // The order is that of a file's action: it is part of the idempotency key.
  return {
    ...{ kind, prompt, model, select, tools, maxTurns, mayOverride, continueOnBlock, cache },
    settings: {},
  };
}
