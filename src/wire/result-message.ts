/**
 * The message of a hook's result: the HookResult with a version, truncated to the size that Redis
 * should hold.
 */
import { z } from 'zod';
import {
  type Diagnostic,
  decisionKinds,
  type HookFacts,
  type HookResult,
} from '../protocol/decision.ts';
import { tiers } from '../protocol/dialect.ts';
import { failureCodes, hookErrorCodes } from '../protocol/failure-codes.ts';
import type { Job } from '../protocol/job.ts';
import { runStatuses } from '../protocol/run.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { judgeFactsSchema } from './judge-facts.ts';
import { leftStateSchema, readLeftState, toLeftStateMessage } from './state-message.ts';

/** The largest result message, in bytes of its JSON. */
export const maxResultBytes = 256 << 10;
/**
 * The UTF-16 units that always stay of each text that may be truncated: 6 texts with 6 bytes for
 * each unit fit.
 */
const keptLength = 6 << 10;

export const causeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit-code'), exitCode: z.number() }),
  z.strictObject({ kind: z.literal('output') }),
  z.strictObject({
    kind: z.literal('fail-mode'),
    code: z.enum([...hookErrorCodes, ...failureCodes]),
    message: z.string(),
  }),
]);

const runFactsSchema = z.strictObject({
  status: z.enum(runStatuses),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  stdoutHead: z.string(),
  stderrHead: z.string(),
  stdoutTruncated: z.boolean(),
  stderrTruncated: z.boolean(),
  oomKills: z.number(),
});

const replyFactsSchema = z.strictObject({
  status: z.literal('replied'),
  replyHead: z.string(),
  replyTruncated: z.boolean(),
});

/** The request of an http hook. */
const requestFactsSchema = z.strictObject({
  method: z.string(),
  host: z.string(),
  port: z.number(),
  path: z.string().meta({ description: 'Without the query.' }),
  status: z.number().nullable(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  connectMs: z.number().nullable(),
  firstByteMs: z.number().nullable(),
  totalMs: z.number(),
  attempts: z.number(),
  address: z.string().nullable(),
  worker: z.string().optional(),
});

export const askedSchema = z.union([requestFactsSchema, judgeFactsSchema]);

/** Facts by the kind of the hook's action: those of a process, or of a reply. */
export const factsSchema = z.discriminatedUnion('status', [runFactsSchema, replyFactsSchema]);

/** The fields that a hook, or all of them together, return; part of results and of decisions. */
export const resultTextsShape = {
  decision: z.enum(decisionKinds),
  reason: z.string().optional(),
  additionalContext: z.string().optional(),
  systemMessage: z.string().optional(),
  updatedInput: z.unknown().optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
  continue: z.boolean().optional(),
  stopReason: z.string().optional(),
  overridesPolicy: z.boolean().optional(),
  diagnostics: z.array(z.strictObject({ code: z.string(), message: z.string() })),
};

/** Durations in milliseconds. */
export const durationsSchema = z.strictObject({
  queueMs: z.number(),
  leaseMs: z.number(),
  runMs: z.number(),
  totalMs: z.number(),
});

export const placeSchema = z.strictObject({
  container: z.string(),
  profile: z.string().optional(),
  worker: z.string().optional(),
});

export const resultMessageSchema = z.strictObject({
  v: z.literal(1),
  hook: z.string(),
  tier: z.enum(tiers),
  event: z.string(),
  ...resultTextsShape,
  cause: causeSchema,
  facts: factsSchema.nullable(),
  durations: durationsSchema,
  ranIn: placeSchema.optional(),
  /** Of a job with `stateBase64` whose script exited. Not counted in the size of a result. */
  state: leftStateSchema.optional(),
  asked: askedSchema.optional(),
});

export type ResultMessage = z.infer<typeof resultMessageSchema>;

/**
 * Truncates the texts of a result that is too large, and adds a diagnostic. If it stays too large,
 * because a field cannot be truncated without a change of meaning (an updated input), the hook's
 * failMode decides.
 */
export function toResultMessage(
  job: Pick<Job, 'dialect' | 'hook'>,
  result: HookResult,
): ResultMessage {
  const whole = versioned(result);
  if (sizeOf(whole) <= maxResultBytes) return whole;
  const cut = versioned(cutTexts(result));
  if (sizeOf(cut) <= maxResultBytes) return cut;
  const message = `The result has ${sizeOf(whole)} bytes; ${maxResultBytes} are the most that the queue carries.`;
  return versioned(
    decide(job.dialect, job.hook, { code: 'RESULT_TOO_LARGE', message }, result.durations),
  );
}

/** @returns undefined for data that is not a result of this version for a hook of that name. */
export function parseResultMessage(data: unknown, hook: string): HookResult | undefined {
  const parsed = resultMessageSchema.safeParse(data);
  if (!parsed.success || parsed.data.hook !== hook) return undefined;
  const { v: _, state, ...result } = parsed.data;
  const left = state === undefined ? {} : { state: readLeftState(state) };
  return { ...result, ...left } as HookResult;
}

function versioned(result: HookResult): ResultMessage {
  const { diagnostics, state, ...rest } = result;
  const left = state === undefined ? {} : { state: toLeftStateMessage(state) };
  return { v: 1, ...rest, ...left, diagnostics: [...diagnostics] };
}

const cuttable = ['reason', 'additionalContext', 'systemMessage', 'stopReason'] as const;

function cutTexts(result: HookResult): HookResult {
  const notes: Diagnostic[] = [];
  const texts: Partial<Record<(typeof cuttable)[number], string>> = {};
  for (const key of cuttable) {
    const text = result[key];
    if (text === undefined || text.length <= keptLength) continue;
    texts[key] = head(text);
    notes.push({
      code: 'result-cut',
      message: `${key} was cut from ${text.length} to ${keptLength} characters.`,
    });
  }
  const { facts, cause } = result;
  const told = result.diagnostics
    .slice(0, 10)
    .map(({ code, message }) => ({ code, message: message.slice(0, 200) }));
  return {
    ...result,
    ...texts,
    cause: cause.kind === 'fail-mode' ? { ...cause, message: cause.message.slice(0, 1000) } : cause,
    facts: facts === null ? null : cutFacts(facts),
    diagnostics: [...told, ...notes],
  };
}

function cutFacts(facts: HookFacts): HookFacts {
  if (facts.status === 'replied') return { ...facts, replyHead: head(facts.replyHead) };
  return { ...facts, stdoutHead: head(facts.stdoutHead), stderrHead: head(facts.stderrHead) };
}

/** Truncates a text, but not in the middle of a surrogate pair. */
function head(text: string): string {
  return text.slice(0, keptLength).replace(/[\uD800-\uDBFF]$/, '');
}

function sizeOf({ state: _, ...message }: ResultMessage): number {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}
