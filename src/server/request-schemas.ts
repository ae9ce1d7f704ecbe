/** Schemas of what requests carry. They check requests, and /openapi.json is made from them. */
import { z } from 'zod';
import { filesSchema } from '../files/given-files.ts';
import { hooksFileSchema } from '../files/hooks-file.ts';
import { failModes } from '../protocol/dialect.ts';
import { priorities } from '../protocol/job.ts';
import { plainNamePattern, timeLimits } from '../protocol/limits.ts';
import { isolations, runtimes } from '../protocol/run.ts';
import {
  evaluationId,
  foreignName,
  hookNameText,
  hookSetName,
  tenantName,
  threadName,
} from './names.ts';

const maxBodyBytes = 64 << 20;

const agentName = foreignName
  .optional()
  .meta({ description: 'Whose hooks, where a document holds those of several agents.' });

/**
 * Here `hooks` is only checked to be a mapping: the reader of hooks files checks its content and
 * reports positions.
 */
const cwdText = z.string().min(1).max(4095).optional().meta({
  description:
    'The folder in which the agent works, where the context names none; see --workspace.',
});

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
      .meta({ description: 'Thread whose on-demand hooks are switched on.' }),
    cwd: cwdText,
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
    explain: z.boolean().optional().meta({
      description: 'Also why each hook of the set ran or did not; the record keeps it.',
    }),
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

/** Query parameters of both addresses for agents. */
const agentShape = {
  event: foreignName
    .optional()
    .meta({ description: 'Event name. Default: the one that the context says.' }),
  tenant: tenantName.optional().meta({ description: "Default: the token's tenant." }),
  thread: threadName
    .optional()
    .meta({ description: 'Thread whose on-demand hooks are switched on.' }),
  cwd: cwdText,
  deadlineMs: wholeNumber(timeLimits.deadlineMs)
    .optional()
    .meta({ description: 'The answer comes within this time.' }),
};

export const nativeQuery = z.strictObject({
  hookset: hookSetName.meta({ description: 'Name of a stored hook set or agent.' }),
  failMode: z.enum(failModes).optional().meta({
    description: 'Where there is no decision. Default: block, but allow at the end of a turn.',
  }),
  ...agentShape,
});
export const nativeParams = z.object({ dialect: foreignName });

export const hookQuery = z
  .strictObject({
    dialect: foreignName.meta({
      description:
        'Protocol of the agent: in its words the answer is made. Also that of hooks that say none.',
    }),
    agent: agentName,
    hookset: hookSetName.optional().meta({ description: 'Name of a stored hook set or agent.' }),
    contextBytes: wholeNumber(maxBodyBytes).optional().meta({
      description:
        'The body is a context of so many bytes and then the text of a hooks file. Either this or hookset.',
    }),
    ...agentShape,
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
  profile: z
    .string()
    .regex(plainNamePattern, 'must be 1 to 128 letters, digits, ".", "_" or "-"')
    .optional()
    .meta({ description: "Name of a profile of the operator's list. Default: small." }),
  tenant: tenantName.optional(),
});

/** A hooks file in our own format, or a file of any format with the files that it names. */
export const hookSetBody = z.union([
  hooksFileSchema,
  z.strictObject({
    document: z.string(),
    dialect: z.string().optional(),
    path: z.string().optional(),
    files: filesSchema,
    failMode: z.enum(failModes).optional(),
  }),
]);

export const tenantQuery = z.strictObject({ tenant: tenantName.optional() });
export const shadowQuery = z.strictObject({
  hookset: hookSetName.meta({ description: 'Name of the hook set that was evaluated.' }),
  ...tenantQuery.shape,
});
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
export const versionQuery = z.strictObject({
  ...tenantQuery.shape,
  version: wholeNumber(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'One of the last 20 versions. Default: the newest.' }),
});
export const tryQuery = z.strictObject({
  ...putQuery.shape,
  limit: wholeNumber(200)
    .optional()
    .meta({ description: 'The most evaluations that are compared. Default: 200.' }),
});
export const checkQuery = z.strictObject({
  ...putQuery.shape,
  syntax: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'false: no interpreter parses the scripts. Default: true.' }),
});
export const setParams = z.object({ name: hookSetName });
export const agentParams = z.object({ agentName: hookSetName });
export const threadParams = z.object({ thread: threadName });
export const switchParams = z.object({ thread: threadName, hook: hookNameText });
export const threadsQuery = z.strictObject({
  prefix: z.string().max(256).optional().meta({ description: 'The beginning of the name.' }),
  ...tenantQuery.shape,
});
export const quarantineParams = z.object({
  hash: z.string().regex(/^[\w-]{1,64}$/, 'must be the hash of an entry of the quarantine'),
});
export const scriptParams = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
});
export const evaluationParams = z.object({ id: evaluationId });
