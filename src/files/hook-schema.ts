// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/**
 * Schemas of a hook and of a group of hooks in a file. The JSON Schema in docs/ is generated from
 * them.
 */
import { z } from 'zod';
import { failModes } from '../protocol/dialect.ts';
import {
  retriesSchema,
  secretNameSchema,
  statusesSchema,
  verdictSchema,
} from '../protocol/http-schemas.ts';
import { judgeShape } from './judge-shape.ts';

export const hookName = /^[A-Za-z0-9_-]{1,128}$/;

const timeoutSeconds = z.number().meta({
  description:
    'Seconds the script may take. Under azure 1 to 300, default 30; docs/dialects.md has the others.',
});

/** The keys of http hooks. */
const httpShape = {
  url: z
    .string()
    .optional()
    .meta({ description: 'http hooks: the address of the service, https:// as a rule.' }),
  headers: z
    .record(z.string(), z.string('must be a text: write quotes around it'))
    .optional()
    .meta({ description: 'http hooks: headers; ${secret:NAME} is a secret of the operator.' }),
  payload: z.json('is not what JSON can hold').optional().meta({
    description:
      'http hooks: what is sent, with ${path.to.member} of the context. Default: the context.',
  }),
  verdict: verdictSchema.optional().meta({
    description: 'http hooks: where the verdict is. Default: the answer is read like stdout.',
  }),
  status: statusesSchema
    .optional()
    .meta({ description: 'http hooks: what a status means, such as {403: block}.' }),
  sign: secretNameSchema
    .optional()
    .meta({ description: 'http hooks: the secret that signs the request (Standard Webhooks).' }),
  retries: retriesSchema
    .optional()
    .meta({ description: 'http hooks: further attempts, inside the timeout. Default 0.' }),
};

/** The keys of callable hooks. */
const callableShape = {
  import: z
    .string()
    .regex(
      /^[A-Za-z_]\w{0,99}([.:][A-Za-z_]\w{0,99}){1,15}$/,
      'must be a path such as pkg.mod.function',
    )
    .optional()
    .meta({ description: 'callable hooks: the python function, such as myproject.hooks.check.' }),
  arguments: z
    .record(z.string(), z.json('is not what JSON can hold'))
    .optional()
    .meta({ description: 'callable hooks: arguments beside the members of the context.' }),
};

/** A hook in a hooks file. */
export const hookEntrySchema = z.strictObject({
  name: z
    .string()
    .regex(hookName, 'must be 1 to 128 letters, digits, - or _')
    .optional()
    .meta({ description: 'Shown in results; unique in the file.' }),
  description: z.string().optional(),
  tier: z
    .enum(['system', 'agent', 'global'])
    .optional()
    .meta({ description: 'Hooks run tier by tier in this order. Default agent.' }),
  type: z.enum(['command', 'callable', 'http', 'prompt', 'agent']).optional().meta({
    description:
      'callable hooks are functions of a python module. http hooks run where targets are configured, prompt and agent hooks where judges are; elsewhere they count as their failMode.',
  }),
  command: z.string().optional().meta({ description: 'A line of bash. Either this or script.' }),
  script: z.string().optional().meta({
    description: 'A bash, python3 or node script of at most 64 KB; its first line says which.',
  }),
  matcher: z.string().nullable().optional().meta({
    description:
      'Under azure a regular expression for the whole tool name, or "*"; empty matches nothing. docs/dialects.md has the others.',
  }),
  timeout: timeoutSeconds.optional(),
  failMode: z.enum(failModes).optional().meta({
    description:
      'What a run that gave no decision counts as; ask blocks where nobody can be asked. Default allow.',
  }),
  sources: z
    .array(z.string())
    .min(1, 'must name at least one source')
    .optional()
    .meta({ description: 'Start hooks: only for threads from these sources.' }),
  activation: z
    .enum(['always', 'on-demand'])
    .optional()
    .meta({ description: 'on-demand hooks run only where they are switched on.' }),
  if: z.string().optional().meta({
    description:
      'Tool or Tool(pattern), such as Bash(git push *): the hook runs only for such a call.',
  }),
  env: z
    .record(z.string(), z.string('must be a text: write quotes around it'))
    .optional()
    .meta({ description: 'Variables for the script. Values are texts.' }),
  workingDir: z.string().optional().meta({
    description:
      "Where the command starts: a folder inside the project. Default: the project's folder where files are taken along.",
  }),
  files: z.array(z.string().min(1)).optional().meta({
    description:
      'Files that go along, beside those that the command names: paths, folders, globs; ! before one leaves files out.',
  }),
  profile: z.string().optional().meta({
    description:
      'The image and limits that the hook runs in. Default: the first profile that has what the command and its files need.',
  }),
  strictOutput: z
    .boolean()
    .optional()
    .meta({ description: 'Output that the dialect does not know is an error.' }),
  ignoreToolErrors: z.boolean().optional().meta({
    description:
      'With failMode block or ask: a program that failed on the way to exit code 0 is no failure.',
  }),
  quiet: z
    .boolean()
    .optional()
    .meta({ description: 'An error that does not block is told in diagnostics only.' }),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: 'false: the hook is checked and left out. Default true.' }),
  once: z.boolean().optional().meta({
    description:
      'The hook runs until it has let go once in a session. Without a session it always runs.',
  }),
  state: z.enum(['session']).optional().meta({
    description:
      'session: what the script leaves in /tmp and $HOOKPOOL_STATE is there in its next run of the session. At most 256 KiB.',
  }),
  async: z
    .boolean()
    .optional()
    .meta({ description: 'Nobody waits for the hook, and what it says decides nothing.' }),
  shadow: z.boolean().optional().meta({
    description:
      'The hook runs and is recorded, and what it says decides nothing: a rehearsal with real events.',
  }),
  sequential: z.boolean().optional().meta({
    description:
      'The hooks of this event run one after another, each on what the ones before made of the context.',
  }),
  maxRejections: z.number().int().min(1).max(25).optional().meta({
    description: 'Stop hooks: after so many rejections in a row the agent may stop. Default 8.',
  }),
  ...callableShape,
  ...httpShape,
  ...judgeShape,
});

export type HookEntry = z.infer<typeof hookEntrySchema>;

/** Several hooks under one matcher, as Claude Code and others write them. */
export const hookGroupSchema = z.strictObject({
  matcher: hookEntrySchema.shape.matcher,
  description: z.string().optional(),
  sequential: hookEntrySchema.shape.sequential,
  hooks: z.array(hookEntrySchema),
});
