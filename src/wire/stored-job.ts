/**
 * The message of a hook job whose context is not in it: the context is stored once for all hooks of
 * an event, under a key of its own, and the message says where and what it must be. A worker of a
 * release that does not know this version refuses the job (`INVALID_JOB`), as every message of a
 * later version. docs/queue.md explains the fields.
 */
import { z } from 'zod';
import type { CommandJob } from '../protocol/job.ts';
import { maxContextBytes } from '../protocol/run.ts';
import { type Envelope, jobFields, jobMessageSchema, toJob } from './job-message.ts';
import { invalidJob, issuesText } from './text.ts';

/**
 * The largest context, in bytes, that travels inside of each message. A stored one costs the worker
 * one more round trip (0.3 ms), a context inside of JSON 0.1 ms per 10 KiB and hook, most of it on
 * the way of the answer.
 */
export const inlineContextBytes = 32 << 10;

const storedContextSchema = z.strictObject({
  /** The end of the key's name; the tenant is in front of it. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  bytes: z.number().int().positive().max(maxContextBytes),
  /** Of the stored bytes, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const storedJobSchema = z.strictObject({
  ...jobMessageSchema.omit({ context: true }).shape,
  v: z.literal(2),
  /** Where the context is, in place of `context`. */
  storedContext: storedContextSchema,
});

export type StoredContext = z.infer<typeof storedContextSchema>;
export type StoredJobMessage = z.infer<typeof storedJobSchema>;

/** @throws InvalidInputError `INVALID_JOB` for texts that are no UTF-8. */
export function toStoredJobMessage(
  job: CommandJob,
  envelope: Envelope,
  storedContext: StoredContext,
): StoredJobMessage {
  return { ...jobFields(job, envelope), v: 2, storedContext };
}

/** Whether the message says that it is one of this version; it may be invalid all the same. */
export function isStoredJob(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'storedContext' in data;
}

/** @throws InvalidInputError `INVALID_JOB` with the first fields that cannot be used. */
export function parseStoredJobMessage(data: unknown): {
  readonly job: Omit<CommandJob, 'context'>;
  readonly message: StoredJobMessage;
} {
  const parsed = storedJobSchema.safeParse(data);
  if (!parsed.success) throw invalidJob(issuesText(parsed.error));
  return { message: parsed.data, job: toJob(parsed.data) };
}
