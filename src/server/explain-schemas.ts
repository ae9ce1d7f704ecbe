/** Schemas of explanations: which hooks of a set ran, which did not, and why. */
import { z } from 'zod';
import { hookStates } from '../dispatch/hook-states.ts';
import { decisionKinds } from '../protocol/decision.ts';
import { failModes, tiers } from '../protocol/dialect.ts';
import { hows } from '../protocol/how.ts';
import { causeSchema, durationsSchema } from '../wire/result-message.ts';

export const howSchema = z.enum(hows).meta({
  description:
    'hook: by what a hook said. fail-mode: the hook failed, by its own fault, so its failMode counts. not-run: the hook did not run, or nothing is known of its run, so its failMode counts. none: no hook said anything.',
});

const seenInput = z.object({
  member: z.string().meta({ description: "Name in the tool's input." }),
  value: z.string().meta({ description: 'At most 200 characters.' }),
  as: z.enum(['command', 'path']),
  commands: z
    .array(z.string())
    .optional()
    .meta({ description: 'The commands that were read in a line of shell, at most 20.' }),
  understood: z
    .boolean()
    .optional()
    .meta({ description: 'False: the line may do anything, so every condition holds.' }),
});

export const explainedHook = z.object({
  index: z.number().int().meta({ description: 'Place in the hook set, from 0.' }),
  hook: z.string(),
  event: z.string(),
  tier: z.enum(tiers),
  kind: z.enum(['command', 'http', 'prompt', 'agent', 'unsupported']),
  matcher: z.string().optional(),
  condition: z.string().optional(),
  sources: z.array(z.string()).optional(),
  onDemand: z.literal(true).optional(),
  async: z.literal(true).optional(),
  shadow: z.literal(true).optional(),
  runsOnce: z.literal(true).optional(),
  timeoutMs: z.number(),
  failMode: z.enum(failModes),
  scriptSha256: z.string().optional(),
  selected: z.boolean().meta({ description: 'The hook is for the event.' }),
  state: z.enum(hookStates),
  text: z.string().meta({ description: 'The state in words.' }),
  subject: z
    .string()
    .optional()
    .meta({ description: 'matcher: what it was compared with. source: the source of the thread.' }),
  seen: z
    .array(seenInput)
    .optional()
    .meta({ description: "condition: what was read of the tool's input." }),
  duplicateOf: z.number().int().optional().meta({ description: 'Index of the hook that runs.' }),
  undecided: z
    .literal(true)
    .optional()
    .meta({ description: 'Whether it is for the event could not be told in time, so it runs.' }),
  unsupported: z
    .string()
    .optional()
    .meta({ description: 'Why a hook cannot run here: it counts as its failMode.' }),
  startedMs: z
    .number()
    .optional()
    .meta({ description: 'ran: milliseconds from the start of the evaluation.' }),
  durations: durationsSchema.optional(),
  decision: z.enum(decisionKinds).optional(),
  how: howSchema.optional(),
  cause: causeSchema.optional(),
  reason: z.string().optional(),
});

export const agentAnswer = z.object({
  dialect: z.string(),
  event: z.string().meta({ description: "In the agent's spelling." }),
  known: z.boolean().meta({ description: 'The agent has an event of this name.' }),
  blocks: z.boolean().meta({ description: 'The agent obeys a block at this event.' }),
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.number().int(),
});

export const explanationAnswer = z.object({
  v: z.literal(1),
  ran: z.boolean().meta({ description: 'False: nothing was run.' }),
  dialect: z.string(),
  event: z.string(),
  tool: z.string().optional(),
  matchedOn: z.string().optional().meta({ description: 'The text that matchers are applied to.' }),
  headline: z.string(),
  hooks: z.array(explainedHook).meta({ description: 'Every hook of the set, in its order.' }),
  runs: z.array(z.number().int()).meta({
    description: 'Indexes of the hooks that are for the event, in the order in which they run.',
  }),
  combination: z.object({
    order: z.enum(['sequential', 'parallel', 'piped']),
    rules: z.array(z.string()).meta({ description: "The dialect's rules, in words." }),
    decision: z.enum(decisionKinds).optional(),
    how: howSchema.optional(),
    decidedBy: z.string().optional(),
    reason: z.string().optional(),
  }),
  timings: z
    .object({
      checkMs: z.number().meta({ description: 'Reading and checking the hooks.' }),
      selectMs: z.number().meta({ description: 'Reading the context and matching.' }),
      storeMs: z.number().meta({ description: 'Reading stores before the evaluation.' }),
      totalMs: z.number(),
    })
    .optional(),
  answers: z
    .array(agentAnswer)
    .optional()
    .meta({ description: 'The decision in the words of each agent.' }),
});
