/**
 * The messages of a script job and of its result, for callers that only need a sandbox. `kind: run`
 * distinguishes it from a hook job. docs/queue.md explains the fields.
 */
import { z } from 'zod';
import { priorities } from '../protocol/job.ts';
import { maxScriptBytes, plainNamePattern, timeLimits } from '../protocol/limits.ts';
import {
  isolations,
  maxContextBytes,
  maxTranscriptBytes,
  type Place,
  runStatuses,
  runtimes,
  type ScriptFacts,
  type ScriptRun,
} from '../protocol/run.ts';
import { kindOf } from '../protocol/sandbox-kind.ts';
import { cwdSchema } from './job-message.ts';
import { placeSchema } from './result-message.ts';
import { decodeText, encodeText, invalidJob, issuesText } from './text.ts';

/**
 * The bytes that are kept of each stream: with base64's third more, a result stays below 256 KiB.
 */
export const queuedRunCaps = { stdoutBytes: 120 << 10, stderrBytes: 48 << 10 } as const;

export const runMessageSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('run'),
  tenant: z.string().regex(plainNamePattern),
  isolation: z.enum(isolations),
  /** Name of the profile of its sandbox; absent: `small`. */
  profile: z.string().regex(plainNamePattern).optional(),
  /**
   * The folder in which the agent works, in whose project the script runs; a worker that does not
   * have it fails the job with `WORKSPACE_FAILED`. Absent: the script reads no project.
   */
  cwd: cwdSchema.optional(),
  runtime: z.enum(runtimes),
  /** The script, with LF line ends. */
  source: z.string().min(1),
  /** What the script reads from stdin. At most 8 MiB of UTF-8. */
  stdin: z.string().max(maxContextBytes),
  /** The text of /job/transcript.txt. At most 8 MiB of UTF-8. */
  transcript: z.string().max(maxTranscriptBytes).optional(),
  timeoutMs: z.number().int().positive().max(timeLimits.scriptTimeoutMs),
  /** Milliseconds from adding the job until its caller stops waiting for the result. */
  budgetMs: z.number().positive().max(timeLimits.deadlineMs),
  priority: z.enum(priorities).optional(),
  /**
   * The job's first attempt ended with the loss of its worker: this job runs beside no other such
   * job.
   */
  apart: z.boolean().optional(),
});

export type RunMessage = z.infer<typeof runMessageSchema>;

export const runResultMessageSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('run'),
  status: z.enum(runStatuses),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  stdoutBase64: z.base64(),
  stderrBase64: z.base64(),
  stdoutTotalBytes: z.number(),
  stderrTotalBytes: z.number(),
  oomKills: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  leaseMs: z.number(),
  ranIn: placeSchema,
});

export type RunResultMessage = z.infer<typeof runResultMessageSchema>;

/** Whether the data declares itself a run; its other fields may be invalid. */
export function isRunMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'run';
}

/** @throws InvalidInputError `INVALID_JOB` for texts that are no UTF-8. */
export function toRunMessage(
  { tenant, isolation, kind, cwd, request }: ScriptRun,
  budgetMs: number,
  apart = false,
): RunMessage {
  const { runtime, script, stdin, transcript, limits } = request;
  return {
    v: 1,
    kind: 'run',
    tenant,
    isolation,
    ...(kind === undefined ? {} : { profile: kind.profile }),
    ...(cwd === undefined ? {} : { cwd }),
    runtime,
    source: decodeText('source', script),
    stdin: decodeText('stdin', stdin),
    ...(transcript === undefined ? {} : { transcript: decodeText('transcript', transcript) }),
    timeoutMs: limits.timeoutMs,
    budgetMs,
    ...(apart ? { apart } : {}),
  };
}

/**
 * Checks a message from the queue, which any program may have added.
 * @throws InvalidInputError `INVALID_JOB` with the first fields that cannot be used.
 */
export function parseRunMessage(data: unknown): {
  readonly script: ScriptRun;
  readonly message: RunMessage;
} {
  const parsed = runMessageSchema.safeParse(data);
  if (!parsed.success) throw invalidJob(issuesText(parsed.error));
  const message = parsed.data;
  const { tenant, isolation, profile, cwd, transcript, timeoutMs } = message;
  if (message.source.includes('\0')) throw invalidJob('source: a NUL character');
  const request = {
    runtime: message.runtime,
    script: encodeText('source', message.source, maxScriptBytes),
    stdin: encodeText('stdin', message.stdin, maxContextBytes),
    ...(transcript === undefined
      ? {}
      : { transcript: encodeText('transcript', transcript, maxTranscriptBytes) }),
    limits: { timeoutMs, ...queuedRunCaps },
  };
  const kind = profile === undefined ? undefined : kindOf({ profile });
  return { message, script: { tenant, isolation, kind, cwd, request } };
}

export function toRunResultMessage({ run, leaseMs, ranIn }: ScriptFacts): RunResultMessage {
  const { stdout, stderr, ...rest } = run;
  return {
    v: 1,
    kind: 'run',
    ...rest,
    stdoutBase64: Buffer.from(stdout).toString('base64'),
    stderrBase64: Buffer.from(stderr).toString('base64'),
    leaseMs,
    ranIn,
  };
}

/** @returns undefined for data that is not a result of this version. */
export function parseRunResultMessage(data: unknown): ScriptFacts | undefined {
  const parsed = runResultMessageSchema.safeParse(data);
  if (!parsed.success) return undefined;
  const { v: _, kind: __, stdoutBase64, stderrBase64, leaseMs, ranIn, ...rest } = parsed.data;
  const run = {
    ...rest,
    stdout: Buffer.from(stdoutBase64, 'base64'),
    stderr: Buffer.from(stderrBase64, 'base64'),
  };
  return { run, leaseMs, ranIn: ranIn as Place };
}
