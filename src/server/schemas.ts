/**
 * Schemas of the bodies and answers of the API. They check requests, and /openapi.json is made from
 * them.
 */
import { z } from 'zod';
import { filesSchema } from '../files/given-files.ts';
import { hooksFileSchema } from '../files/hooks-file.ts';
import { decisionKinds } from '../protocol/decision.ts';
import { failModes, tiers } from '../protocol/dialect.ts';
import { priorities } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { isolations, runStatuses, runtimes } from '../protocol/run.ts';
import {
  causeSchema,
  durationsSchema,
  factsSchema,
  placeSchema,
  resultTextsShape,
} from '../wire/result-message.ts';
import {
  evaluationId,
  foreignName,
  hookNameText,
  hookSetName,
  tenantName,
  threadName,
} from './names.ts';
import { scopes } from './stores.ts';

const maxBodyBytes = 64 << 20;

const agentName = foreignName
  .optional()
  .meta({ description: 'Whose hooks, where a document holds those of several agents.' });

/**
 * Here `hooks` is only checked to be a mapping: the reader of hooks files checks its content and
 * reports positions.
 */
export const evaluateBody = z
  .strictObject({
    dialect: foreignName.optional().meta({
      description:
        'Protocol of the agent, and of hooks that say none. Default: what the hooks say, else azure.',
    }),
    event: foreignName
      .optional()
      .meta({ description: 'Event name. Default: hook_event_name of the context.' }),
    context: z.union([z.record(z.string(), z.unknown()), z.string()]).meta({
      description:
        "The agent's JSON for the scripts' stdin: as an object, or as a string that holds its text.",
    }),
    hooks: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Event name -> hooks, as in a hooks file. Either this or hookset.' }),
    document: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .optional()
      .meta({
        description:
          'In the place of hooks, a whole hooks file of any known format: as an object, or as its text.',
      }),
    files: filesSchema
      .optional()
      .meta({ description: 'Path in the project -> a file that hooks or document name.' }),
    agent: agentName,
    hookset: hookSetName.optional().meta({ description: 'Name of a stored hook set or agent.' }),
    tenant: tenantName.optional().meta({ description: "Default: the token's tenant." }),
    thread: threadName
      .optional()
      .meta({ description: 'Conversation whose on-demand hooks are switched on.' }),
    deadlineMs: z.number().positive().max(timeLimits.deadlineMs).optional().meta({
      description: 'The answer comes within this time. Default: what the hooks may take, and 2 s.',
    }),
    evaluationId: evaluationId
      .optional()
      .meta({ description: 'A repeated call with the same id gets the first answer.' }),
    transcript: z
      .string()
      .optional()
      .meta({ description: 'A text that the scripts may read at execution_summary.' }),
    active: z
      .array(hookNameText)
      .max(100)
      .optional()
      .meta({ description: 'Names of on-demand hooks that are switched on.' }),
    priority: z.enum(priorities).optional().meta({
      description:
        'urgent: before the turns of all tenants; the token must allow it. Default: normal.',
    }),
    verbose: z.boolean().optional().meta({ description: 'Also the facts of every run.' }),
  })
  .refine(
    ({ hooks, document, hookset }) =>
      [hooks, document, hookset].filter((one) => one !== undefined).length < 2,
    {
      path: ['hookset'],
      message: 'hooks, document and hookset exclude each other',
    },
  )
  .refine(({ files, hookset }) => files === undefined || hookset === undefined, {
    path: ['files'],
    message: 'a stored hook set has its own files',
  })
  .refine(({ agent, document }) => agent === undefined || document !== undefined, {
    path: ['agent'],
    message: 'is for a document that holds several agents',
  });
export type EvaluateBody = z.infer<typeof evaluateBody>;

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(max));

export const hookQuery = z
  .strictObject({
    dialect: foreignName.meta({
      description:
        'Protocol of the agent: in its words the answer is made. Also that of hooks that say none.',
    }),
    agent: agentName,
    event: foreignName
      .optional()
      .meta({ description: 'Event name. Default: the one that the context says.' }),
    hookset: hookSetName.optional().meta({ description: 'Name of a stored hook set or agent.' }),
    contextBytes: wholeNumber(maxBodyBytes).optional().meta({
      description:
        'The body is a context of so many bytes and then the text of a hooks file. Either this or hookset.',
    }),
    tenant: tenantName.optional().meta({ description: "Default: the token's tenant." }),
    thread: threadName
      .optional()
      .meta({ description: 'Conversation whose on-demand hooks are switched on.' }),
    deadlineMs: wholeNumber(timeLimits.deadlineMs)
      .optional()
      .meta({ description: 'The answer comes within this time.' }),
  })
  .refine(({ hookset, contextBytes }) => (hookset === undefined) !== (contextBytes === undefined), {
    path: ['hookset'],
    message: 'name a hook set, or send a hooks file with contextBytes',
  })
  .refine(({ agent, contextBytes }) => agent === undefined || contextBytes !== undefined, {
    path: ['agent'],
    message: 'is for a hooks file that is sent along',
  });

export const runBody = z.strictObject({
  runtime: z
    .enum(runtimes)
    .optional()
    .meta({ description: "Default: what the script's first line says, else bash." }),
  script: z.string(),
  stdin: z.string().optional(),
  timeoutMs: z
    .number()
    .int()
    .min(1)
    .max(timeLimits.scriptTimeoutMs)
    .optional()
    .meta({ description: 'Default 30000.' }),
  isolation: z.enum(isolations).optional().meta({ description: 'job: in a container of its own.' }),
  tenant: tenantName.optional(),
});

/** A hooks file in our own format, or a file of any format with the files that it names. */
export const hookSetBody = z.union([
  hooksFileSchema,
  z.strictObject({
    document: z.string(),
    files: filesSchema,
    failMode: z.enum(failModes).optional(),
  }),
]);

export const tenantQuery = z.strictObject({ tenant: tenantName.optional() });
/** Query parameters for what the stored document may leave open. */
const hintShape = {
  dialect: foreignName
    .optional()
    .meta({ description: 'Protocol of the hooks, where the document says none.' }),
  agent: agentName,
  failMode: z.enum(failModes).optional().meta({
    description: 'What hooks count as that say no failMode and give no decision.',
  }),
};
export const putQuery = z.strictObject({ ...hintShape, ...tenantQuery.shape });
export const setParams = z.object({ name: hookSetName });
export const agentParams = z.object({ agentName: hookSetName });
export const threadParams = z.object({ thread: threadName });
export const switchParams = z.object({ thread: threadName, hook: hookNameText });
export const evaluationParams = z.object({ id: evaluationId });

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
        .enum(['command', 'unsupported', 'unknown'])
        .meta({ description: 'What the hook does; the next fields are by kind.' }),
      runtime: z.enum(runtimes).optional(),
      scriptSha256: z.string().optional(),
      bundleSha256: z.string().optional(),
      type: z.string().optional().meta({ description: 'unsupported: as the hook file spells it.' }),
      settingsSha256: z.string().optional(),
      facts: factsSchema.nullable(),
      durations: durationsSchema,
      ranIn: placeSchema.optional(),
    }),
  ),
  skipped: z.array(z.string()),
  background: z.array(z.string()).optional(),
  async: z
    .literal(true)
    .optional()
    .meta({ description: 'The record of an async hook, which has decided nothing.' }),
  diagnostics: resultTextsShape.diagnostics,
  context: z.string().optional().meta({ description: 'Only where the operator keeps contexts.' }),
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
