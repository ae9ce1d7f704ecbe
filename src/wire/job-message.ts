/**
 * The message of a hook job in the queue: public, versioned and self-contained, so that any program
 * that can add a BullMQ job may use the workers. docs/queue.md explains the fields.
 */
import { z } from 'zod';
import { findDialect } from '../agents/registry.ts';
import { HookpoolError } from '../errors.ts';
import type { CommandAction } from '../protocol/action.ts';
import { Content } from '../protocol/content.ts';
import { failModes, tiers } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import type { Hook } from '../protocol/hook.ts';
import { type CommandJob, type Priority, priorities } from '../protocol/job.ts';
import { evaluationIdPattern, plainNamePattern, timeLimits } from '../protocol/limits.ts';
import { isolations, maxContextBytes, maxTranscriptBytes, runtimes } from '../protocol/run.ts';
import { bundleSchema, parseBundleMessage, toBundleMessage } from './bundle-message.ts';
import { decodePack, encodePack, packSchema } from './state-message.ts';
import { decodeText, encodeText, invalidJob, issuesText, textOf } from './text.ts';

/** A result names fewer than these; the rest would only make messages large. */
const maxLacks = 20;
const maxLackLength = 1_000;
/** The most characters of a path, which the kernel limits to 4,095 bytes. */
const maxCwdLength = 4_095;
export const cwdSchema = z.string().max(maxCwdLength);

const lacksSchema = z.array(z.string().max(maxLackLength)).max(maxLacks);

const hookSchema = z.strictObject({
  name: z.string().min(1).max(256),
  /** The event, as the dialect spells it. */
  event: z.string().min(1),
  tier: z.enum(tiers),
  /** Name of the profile of its sandbox; absent: `small`. */
  profile: z.string().regex(plainNamePattern).optional(),
  runtime: z.enum(runtimes),
  /** The script, with LF line ends. */
  source: z.string().min(1),
  /** The files at /project. */
  bundle: bundleSchema.optional(),
  timeoutMs: z.number().int().positive(),
  failMode: z.enum(failModes),
  /** The failMode is the dialect's default; the dialect may treat a timeout otherwise. */
  failModeIsDefault: z.boolean().optional(),
  /** Output that the dialect does not know is an error. */
  strictOutput: z.boolean().optional(),
  /** With failMode block or ask: a program that failed on the way to exit code 0 is no failure. */
  ignoreToolErrors: z.boolean().optional(),
  /** An error that does not block appears only in diagnostics. */
  quiet: z.boolean().optional(),
  /** What the script probably needs and its sandbox does not have, as sentences. */
  lacks: lacksSchema.optional(),
  /** The same for files of the project, which a worker with the project as a workspace has. */
  lacksOfProject: lacksSchema.optional(),
});

export const jobMessageSchema = z.strictObject({
  v: z.literal(1),
  /** Names the evaluation that the job is a part of. */
  evaluationId: z.string().regex(evaluationIdPattern),
  /** 1, or 2 for the one retry after an infrastructure failure. */
  attempt: z.number().int().min(1).max(2),
  dialect: z.string().min(1),
  hook: hookSchema,
  tenant: z.string().regex(plainNamePattern),
  isolation: z.enum(isolations),
  /**
   * What the script reads from stdin: the agent's JSON text, byte for byte. At most 8 MiB of UTF-8.
   */
  context: z.string().max(maxContextBytes),
  /** The text of /job/transcript.txt. At most 8 MiB of UTF-8. */
  transcript: z.string().max(maxTranscriptBytes).optional(),
  /**
   * What the hook left in its last run of the session, empty before the first; the result then has
   * what this run left. Absent: nothing is kept.
   */
  stateBase64: packSchema.optional(),
  /** The folder in which the agent works; a worker looks it up among those that it may mount. */
  cwd: cwdSchema.optional(),
  /** Milliseconds from adding the job until its caller stops waiting for the result. */
  budgetMs: z.number().positive().max(timeLimits.deadlineMs),
  priority: z.enum(priorities).optional(),
  /**
   * The job's first attempt ended with the loss of its worker: this job runs beside no other such
   * job.
   */
  apart: z.boolean().optional(),
});

export type JobMessage = z.infer<typeof jobMessageSchema>;
type JobFields = Omit<JobMessage, 'v' | 'context'>;

/** The fields of a message beside the job itself. */
export interface Envelope {
  readonly evaluationId: string;
  readonly attempt: number;
  readonly budgetMs: number;
  readonly priority?: Priority | undefined;
  readonly apart?: boolean | undefined;
}

/** @throws InvalidInputError `INVALID_JOB` for texts that are no UTF-8. */
export function toJobMessage(job: CommandJob, envelope: Envelope): JobMessage {
  const context = textOf('context', Content.of(job.context, job.content));
  return { ...jobFields(job, envelope), v: 1, context };
}

/** All of a message but its version and its context. */
export function jobFields(job: CommandJob, envelope: Envelope): JobFields {
  const { hook, dialect, tenant, isolation } = job;
  const { name, event, tier, timeoutMs, failMode, failModeIsDefault, strictOutput, quiet } = hook;
  const { script } = hook.action;
  const bundle = script.bundle === undefined ? undefined : toBundleMessage(script.bundle);
  const { ignoreToolErrors } = hook;
  const lacks = shortened(hook.lacks);
  const lacksOfProject = shortened(hook.lacksOfProject);
  const settings = {
    failModeIsDefault,
    strictOutput,
    ignoreToolErrors,
    quiet,
    ...(hook.profile === undefined ? {} : { profile: hook.profile }),
    ...(lacks === undefined ? {} : { lacks }),
    ...(lacksOfProject === undefined ? {} : { lacksOfProject }),
    bundle,
  };
  return {
    evaluationId: envelope.evaluationId,
    attempt: envelope.attempt,
    dialect: dialect.name,
    hook: {
      name,
      event,
      tier,
      runtime: script.runtime,
      source: script.source,
      timeoutMs,
      failMode,
      ...settings,
    },
    tenant,
    isolation,
    ...(job.transcript === undefined
      ? {}
      : { transcript: decodeText('transcript', job.transcript) }),
    ...(job.state === undefined ? {} : { stateBase64: encodePack(job.state) }),
    ...toCwd(job.cwd),
    budgetMs: envelope.budgetMs,
    ...(envelope.priority === undefined ? {} : { priority: envelope.priority }),
    ...(envelope.apart === true ? { apart: true } : {}),
  };
}

/**
 * Checks a message from the queue, which any program may have added.
 * @throws InvalidInputError `INVALID_JOB` with the first fields that cannot be used.
 */
export function parseJobMessage(data: unknown): {
  readonly job: CommandJob;
  readonly message: JobMessage;
} {
  const parsed = jobMessageSchema.safeParse(data);
  if (!parsed.success) {
    throw invalidJob(issuesText(parsed.error));
  }
  const message = parsed.data;
  const job = toJob(message);
  return {
    message,
    job: { ...job, context: encodeText('context', message.context, maxContextBytes) },
  };
}

/** @throws InvalidInputError `INVALID_JOB` for a field that the schema permits. */
export function toJob(message: JobFields): Omit<CommandJob, 'context'> {
  const { transcript, stateBase64 } = message;
  try {
    const dialect = findDialect(message.dialect);
    eventRules(dialect, message.hook.event);
    const { runtime, source, bundle, timeoutMs, ...rest } = message.hook;
    if (timeoutMs > dialect.maxTimeoutMs)
      throw invalidJob(`hook.timeoutMs: ${dialect.maxTimeoutMs} is the most`);
    encodeText('hook.source', source, dialect.maxScriptBytes);
    if (source.includes('\0')) throw invalidJob('hook.source: a NUL character');
    const script = {
      runtime,
      source,
      bundle: bundle === undefined ? undefined : parseBundleMessage(bundle),
    };
    const hook: Hook<CommandAction> = {
      ...rest,
      timeoutMs,
      action: { kind: 'command', script },
      matcher: undefined,
      matches: always,
      sources: undefined,
      activation: 'always',
    };
    return {
      dialect,
      hook,
      tenant: message.tenant,
      isolation: message.isolation,
      cwd: message.cwd,
      transcript:
        transcript === undefined
          ? undefined
          : encodeText('transcript', transcript, maxTranscriptBytes),
      ...(stateBase64 === undefined ? {} : { state: decodePack(stateBase64) }),
    };
  } catch (error) {
    if (!(error instanceof HookpoolError) || error.code === 'INVALID_JOB') throw error;
    throw invalidJob(error.message);
  }
}

/** A longer one is none of the kernel's. */
export function toCwd(cwd: string | undefined): { readonly cwd?: string } {
  return cwd === undefined || cwd.length > maxCwdLength ? {} : { cwd };
}

function shortened(lacks: readonly string[] | undefined): string[] | undefined {
  return lacks?.slice(0, maxLacks).map((text) => text.slice(0, maxLackLength));
}

/** The program that added the job has matched its hook already. */
function always(): boolean {
  return true;
}
