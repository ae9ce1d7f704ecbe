/** Schemas of the answers, from which /openapi.json and the public JSON Schemas are made. */
import { z } from 'zod';
import { decisionKinds } from '../protocol/decision.ts';
import { failModes, tiers } from '../protocol/dialect.ts';
import { runStatuses, runtimes } from '../protocol/run.ts';
import {
  askedSchema,
  causeSchema,
  durationsSchema,
  factsSchema,
  placeSchema,
  resultTextsShape,
} from '../wire/result-message.ts';
import { explanationAnswer } from './explain-schemas.ts';
import { traceId } from './search-schemas.ts';
import { scopes } from './stores.ts';

export const decisionAnswer = z.object({
  evaluationId: z.string(),
  v: z.literal(1),
  event: z.string(),
  dialect: z.string(),
  ...resultTextsShape,
  effectiveInput: z
    .unknown()
    .optional()
    .meta({ description: 'The input of the tool with all rewrites in it.' }),
  decidedBy: z.string().optional(),
  cause: causeSchema.optional(),
  results: z.array(
    z.object({
      hook: z.string(),
      tier: z.enum(tiers),
      event: z.string(),
      ...resultTextsShape,
      cause: causeSchema,
      facts: factsSchema
        .nullable()
        .optional()
        .meta({ description: 'With verbose. null: the hook never ran.' }),
      durations: durationsSchema,
      ranIn: placeSchema
        .optional()
        .meta({ description: 'Container and worker; absent when the hook never ran.' }),
      asked: askedSchema.optional().meta({
        description: 'With verbose: the request of an http hook, or what a judge was asked.',
      }),
      heard: z
        .literal(false)
        .optional()
        .meta({ description: 'Of a shadow hook, where the evaluation waits for them.' }),
    }),
  ),
  skipped: z.array(z.string()).meta({
    description:
      'Matching hooks that did not run: an earlier one ended the chain, or they run once and have.',
  }),
  background: z
    .array(z.string())
    .optional()
    .meta({ description: 'Async hooks that were started; nobody waits for them.' }),
  durationMs: z.number(),
});

export const evaluateAnswer = decisionAnswer.extend({
  explanation: explanationAnswer.optional().meta({ description: 'With explain.' }),
});

export const hookAnswer = z.object({
  evaluationId: z.string(),
  decision: z.enum(decisionKinds),
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.number().int(),
});

export const runAnswer = z.object({
  status: z.enum(runStatuses),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  stdoutBase64: z.string().optional().meta({ description: 'Where stdout is not valid UTF-8.' }),
  stderrBase64: z.string().optional(),
  stdoutTruncated: z.boolean(),
  stderrTruncated: z.boolean(),
  oomKills: z.number().int(),
  leaseMs: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  ranIn: placeSchema,
});

export const hookSetAnswer = z.object({
  name: z.string(),
  scope: z.enum(scopes),
  version: z.number().int(),
  etag: z.string(),
  format: z.string(),
  dialect: z.string(),
  failMode: z
    .enum(failModes)
    .optional()
    .meta({ description: 'The failMode that the request gave for hooks that say none.' }),
  hookCount: z.number().int(),
  storedAt: z.string(),
  by: z.string().optional().meta({ description: 'Name of the token that stored it.' }),
  warnings: z
    .array(z.object({ line: z.number(), column: z.number(), message: z.string() }))
    .optional()
    .meta({
      description:
        'After a PUT, at most 20: hooks that cannot run, what they lack, values that were changed.',
    }),
});
export const hookSetsAnswer = z.object({ hooksets: z.array(hookSetAnswer) });
export const threadAnswer = z.object({ thread: z.string(), hooks: z.array(z.string()) });

export const auditAnswer = z.object({
  v: z.literal(1),
  id: z.string(),
  at: z.string(),
  requestId: z.string(),
  tenant: z.string(),
  dialect: z.string(),
  event: z.string(),
  hookset: z.string().optional(),
  thread: z.string().optional(),
  replayOf: z.string().optional(),
  caller: z.string().optional().meta({ description: 'Name of the token.' }),
  tool: z.string().optional(),
  subject: z.string().optional().meta({
    description: 'What the tool is used on, at most 200 characters, unless the operator omits it.',
  }),
  traceId,
  contextSha256: z.string(),
  contextBytes: z.number().int(),
  decision: z.enum(decisionKinds),
  reason: z.string().optional(),
  decidedBy: z.string().optional(),
  cause: causeSchema.optional(),
  durationMs: z.number(),
  hooks: z.array(
    z.object({
      hook: z.string(),
      tier: z.enum(tiers),
      decision: z.enum(decisionKinds),
      cause: causeSchema,
      reason: z.string().optional(),
      kind: z
        .enum(['command', 'http', 'prompt', 'agent', 'unsupported', 'unknown'])
        .meta({ description: 'What the hook does; the next fields are by kind.' }),
      runtime: z.enum(runtimes).optional(),
      scriptSha256: z.string().optional(),
      bundleSha256: z.string().optional(),
      type: z.string().optional().meta({ description: 'unsupported: as the hook file spells it.' }),
      settingsSha256: z.string().optional(),
      url: z.string().optional().meta({ description: 'http: without the query.' }),
      facts: factsSchema.nullable(),
      durations: durationsSchema,
      ranIn: placeSchema.optional(),
      promptSha256: z.string().optional(),
      asked: askedSchema.optional(),
      startedMs: z.number().optional().meta({
        description: 'Milliseconds from the start of the evaluation until the hook was called.',
      }),
    }),
  ),
  skipped: z.array(z.string()),
  background: z.array(z.string()).optional(),
  async: z
    .literal(true)
    .optional()
    .meta({ description: 'The record of an async hook, which has decided nothing.' }),
  shadow: z.literal(true).optional().meta({
    description: 'The record of a shadow hook beside the decision that was made without it.',
  }),
  diagnostics: resultTextsShape.diagnostics,
  context: z.string().optional().meta({
    description: 'Only where the operator keeps contexts, and for admins.',
  }),
  explanation: explanationAnswer
    .optional()
    .meta({ description: 'Where the call asked for it; for admins only.' }),
});
/** A line of the audit trail. */
export const auditLine = auditAnswer.omit({ explanation: true }).extend({
  seq: z.number().int().meta({ description: 'Counts the records, from 1, the lost ones too.' }),
  prev: z.string().optional().meta({
    description: 'SHA-256 of the line before it, without its line break. Else it begins a chain.',
  }),
});

const occurrences = z.number().int();
export const shadowAnswer = z.object({
  hookset: z.string(),
  hooks: z.array(
    z.object({
      event: z.string(),
      hook: z.string(),
      actionSha256: z
        .string()
        .meta({ description: 'Of what the hook does: a change starts anew.' }),
      agreed: occurrences.meta({ description: 'As the decision; allow and none are one.' }),
      stricter: occurrences.meta({ description: 'It alone would have blocked or asked.' }),
      milder: occurrences.meta({ description: 'It would have let go what was blocked or asked.' }),
      failed: occurrences.meta({ description: 'It gave no decision.' }),
      firstAt: z.string(),
      lastAt: z.string(),
    }),
  ),
});
export const replayAnswer = z.object({
  same: z.boolean(),
  first: z.enum(decisionKinds),
  decision: decisionAnswer,
});

export const errorAnswer = z.object({
  error: z.object({
    code: z.string().meta({ description: 'Stable.' }),
    message: z.string(),
    pointer: z
      .string()
      .meta({ description: "JSON pointer to the bad field of the body; '' is all of it." }),
    problems: z
      .array(
        z.object({
          line: z.number(),
          column: z.number(),
          message: z.string(),
          pointer: z.string().optional(),
        }),
      )
      .optional(),
  }),
});
