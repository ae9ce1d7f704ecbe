/** The fields that all kinds of outbound messages have; each kind adds its own to them. */
import { z } from 'zod';
import type { Hook } from '../protocol/hook.ts';
import { jobMessageSchema } from './job-message.ts';

const job = jobMessageSchema.shape;
const hook = job.hook.shape;

/** The fields of a message beside `kind` and `hook`. */
export const outboundShape = {
  v: job.v,
  evaluationId: job.evaluationId,
  /**
   * 2: an earlier attempt was lost after it may have begun, and its request may have been sent.
   */
  attempt: job.attempt,
  dialect: job.dialect,
  tenant: job.tenant,
  /** The agent's JSON text, byte for byte. At most 8 MiB of UTF-8. */
  context: job.context,
  /** What stands for the present time, equal in all attempts. */
  at: z.iso.datetime(),
  budgetMs: job.budgetMs,
  priority: job.priority,
};

/** Further fields of a kind whose runner starts scripts in sandboxes. */
export const sandboxShape = {
  isolation: job.isolation,
  /** Only of a hook whose judge has tools. At most 8 MiB of UTF-8. */
  transcript: job.transcript,
  /** The folder in which the agent works; only of a hook whose judge has tools. */
  cwd: job.cwd,
};

/** The fields of a hook by which its answer is judged. */
export const outboundHookShape = {
  name: hook.name,
  event: hook.event,
  tier: hook.tier,
  timeoutMs: hook.timeoutMs,
  failMode: hook.failMode,
  failModeIsDefault: hook.failModeIsDefault,
  strictOutput: hook.strictOutput,
  ignoreToolErrors: hook.ignoreToolErrors,
  quiet: hook.quiet,
  /** Nobody waits for the hook, and it may make more attempts. */
  async: z.boolean().optional(),
  /** Its result decides nothing: a judge takes it from the first half of each limit. */
  shadow: z.boolean().optional(),
};

type OutboundHookFields = z.infer<z.ZodObject<typeof outboundHookShape>>;

export function toHookFields(from: Hook): OutboundHookFields {
  const { name, event, tier, timeoutMs, failMode, failModeIsDefault } = from;
  const { strictOutput, ignoreToolErrors, quiet, async, shadow } = from;
  const always = { name, event, tier, timeoutMs, failMode };
  return { ...always, failModeIsDefault, strictOutput, ignoreToolErrors, quiet, async, shadow };
}
