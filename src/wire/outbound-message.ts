/**
 * The message of a job for an outbound worker, a union by `kind`: what a hook sends or asks, and how
 * the answer is judged. It names secrets and holds none. docs/queue.md explains the fields.
 */
import { z } from 'zod';
import { findDialect } from '../agents/registry.ts';
import { HookpoolError } from '../errors.ts';
import type { OutboundAction } from '../protocol/action.ts';
import { Content } from '../protocol/content.ts';
import type { Dialect } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import type { OutboundJob, Priority } from '../protocol/job.ts';
import { maxJsonDepth } from '../protocol/json.ts';
import { maxContextBytes, maxTranscriptBytes } from '../protocol/run.ts';
import { httpMessageSchema, readHttpAction, toHttpHook } from './http-message.ts';
import {
  agentMessageSchema,
  promptMessageSchema,
  readJudgeAction,
  toJudgePart,
} from './judge-message.ts';
import { encodeText, invalidJob, isDeeperThan, issuesText, textOf } from './text.ts';

export const outboundMessageSchema = z.discriminatedUnion('kind', [
  httpMessageSchema,
  promptMessageSchema,
  agentMessageSchema,
]);

export type OutboundMessage = z.infer<typeof outboundMessageSchema>;

/** Levels of a message: those of what an author wrote, and of the message around it. */
const mostLevels = maxJsonDepth + 4;

/** The fields of a message beside the job itself. */
export interface OutboundEnvelope {
  readonly evaluationId: string;
  readonly attempt: number;
  readonly at: string;
  readonly budgetMs: number;
  readonly priority?: Priority | undefined;
}

/** @throws InvalidInputError `INVALID_JOB` for texts that are no UTF-8. */
export function toOutboundMessage(job: OutboundJob, envelope: OutboundEnvelope): OutboundMessage {
  const { evaluationId, attempt, at, budgetMs, priority } = envelope;
  const { hook, dialect, tenant } = job;
  const { action } = hook;
  const message = {
    ...{ v: 1 as const, evaluationId, attempt, dialect: dialect.name, tenant },
    context: textOf('context', Content.of(job.context, job.content)),
    ...{ at, budgetMs },
    ...(priority === undefined ? {} : { priority }),
  };
  if (action.kind === 'http')
    return { ...message, kind: action.kind, hook: toHttpHook({ ...hook, action }) };
  const part = toJudgePart({ ...hook, action }, job);
  return { ...message, kind: action.kind, ...part };
}

/**
 * Checks a message from the queue, which any program may have added.
 * @throws InvalidInputError `INVALID_JOB` with the first fields that cannot be used.
 */
export function parseOutboundMessage(data: unknown): {
  readonly job: OutboundJob;
  readonly message: OutboundMessage;
} {
  if (isDeeperThan(data, mostLevels)) throw invalidJob(`message: more than ${mostLevels} levels`);
  const parsed = outboundMessageSchema.safeParse(data);
  if (!parsed.success) throw invalidJob(issuesText(parsed.error));
  return { message: parsed.data, job: toJob(parsed.data) };
}

function toJob(message: OutboundMessage): OutboundJob {
  const { hook, tenant, context } = message;
  const { name, event, tier, timeoutMs, failMode, failModeIsDefault } = hook;
  const { strictOutput, ignoreToolErrors, quiet, async, shadow } = hook;
  try {
    const dialect = findDialect(message.dialect);
    eventRules(dialect, event);
    if (timeoutMs > dialect.maxTimeoutMs)
      throw invalidJob(`hook.timeoutMs: ${dialect.maxTimeoutMs} is the most`);
    return {
      dialect,
      hook: {
        ...{ name, event, tier, timeoutMs, failMode, failModeIsDefault, async, shadow },
        ...{ strictOutput, ignoreToolErrors, quiet },
        action: actionOf(message, dialect),
        // The program that added the job has matched its hook already.
        ...{ matcher: undefined, matches: () => true, sources: undefined, activation: 'always' },
      },
      tenant,
      context: encodeText('context', context, maxContextBytes),
      ...sandboxOf(message),
    };
  } catch (error) {
    if (!(error instanceof HookpoolError) || error.code === 'INVALID_JOB') throw error;
    throw invalidJob(error.message);
  }
}

function actionOf(message: OutboundMessage, dialect: Dialect): OutboundAction {
  const { kind, hook } = message;
  return kind === 'http' ? readHttpAction(hook) : readJudgeAction(kind, hook, dialect);
}

/** What the scripts of the job depend on; a request starts none. */
function sandboxOf(
  message: OutboundMessage,
): Pick<OutboundJob, 'isolation' | 'transcript' | 'cwd'> {
  if (message.kind === 'http') return { isolation: 'tenant', transcript: undefined };
  const { isolation, transcript, cwd } = message;
  const read =
    transcript === undefined ? undefined : encodeText('transcript', transcript, maxTranscriptBytes);
  return { isolation, transcript: read, cwd };
}
