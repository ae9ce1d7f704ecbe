/** Schemas of what people and consoles ask for beside evaluations. */
import { z } from 'zod';
import { decisionKinds } from '../protocol/decision.ts';
import { failModes, tiers } from '../protocol/dialect.ts';
import { resultTextsShape } from '../wire/result-message.ts';
import { agentAnswer } from './explain-schemas.ts';
import { foreignName, hookSetName } from './names.ts';
import { outcomes } from './outcome.ts';
import { evaluationSummary } from './search-schemas.ts';

const place = { line: z.number(), column: z.number(), message: z.string() };

export const checkAnswer = z.object({
  ok: z.boolean(),
  format: z.string().optional(),
  dialect: z.string().optional(),
  agent: z.string().optional(),
  problems: z.array(z.object({ ...place, pointer: z.string() })),
  warnings: z.array(z.object(place)),
  syntaxChecked: z.boolean().meta({ description: 'The interpreters have parsed the scripts.' }),
  hooks: z.array(
    z.object({
      hook: z.string(),
      event: z.string(),
      tier: z.enum(tiers),
      kind: z.enum(['command', 'http', 'prompt', 'agent', 'unsupported']),
      runtime: z.string().optional(),
      line: z.number().meta({ description: 'Of its script.' }),
      matcher: z.string().optional(),
      condition: z.string().optional(),
      sources: z.array(z.string()).optional(),
      timeoutMs: z.number(),
      failMode: z.enum(failModes),
      onDemand: z.literal(true).optional(),
      async: z.literal(true).optional(),
      shadow: z.literal(true).optional(),
      runsOnce: z.literal(true).optional(),
      scriptSha256: z.string().optional(),
      unsupported: z.string().optional(),
    }),
  ),
});

const versionAnswer = z.object({
  version: z.number().int(),
  etag: z.string(),
  sha256: z.string(),
  storedAt: z.string(),
  by: z.string().optional().meta({ description: 'Name of the token that stored it.' }),
  format: z.string(),
  dialect: z.string(),
  hookCount: z.number().int(),
  bytes: z.number().int(),
});
export const versionsAnswer = z.object({
  name: z.string(),
  versions: z.array(versionAnswer).meta({ description: 'The newest first, at most 20.' }),
});

const hookChange = z.object({
  hook: z.string(),
  tier: z.enum(tiers),
  change: z.enum(['added', 'removed', 'changed', 'moved']),
  what: z.array(z.string()).optional().meta({ description: 'changed: the fields that differ.' }),
  decided: z.literal(true).optional().meta({ description: 'It had made the decision.' }),
});
export const tryAnswer = z.object({
  considered: z.number().int().meta({ description: 'Evaluations that were compared.' }),
  same: z.number().int().meta({ description: 'The same hooks would run, in the same order.' }),
  change: z.number().int().meta({ description: 'Other hooks would run.' }),
  withoutContext: z
    .number()
    .int()
    .meta({ description: 'Evaluations of the set whose context was not kept.' }),
  unreadable: z.number().int().meta({ description: 'Contexts that the new hooks refuse.' }),
  note: z.string().meta({ description: 'What this can tell, and what it cannot.' }),
  changes: z
    .array(
      z.object({
        evaluation: evaluationSummary,
        hooks: z.array(hookChange),
        decision: z
          .enum(['same', 'may-change'])
          .meta({ description: 'same: nothing that changed could change the decision.' }),
      }),
    )
    .meta({ description: 'At most 50.' }),
});

export const threadsAnswer = z.object({
  threads: z.array(
    z.object({
      thread: z.string(),
      lastAt: z.string().meta({ description: 'Time of its newest evaluation.' }),
      hooks: z.array(z.string()).meta({ description: 'On-demand hooks that are switched on.' }),
    }),
  ),
  complete: z.boolean().meta({ description: 'False: there may be more, of older evaluations.' }),
});

export const systemAnswer = z.object({
  version: z.string(),
  ready: z.boolean(),
  reason: z.string().optional().meta({ description: 'Why it is not ready.' }),
  mode: z.enum(['pool', 'queue']),
  tenants: z
    .array(z.object({ tenant: z.string(), running: z.number(), waiting: z.number() }))
    .meta({
      description:
        'The places that the hooks and scripts of each tenant take and wait for at this server; only the own ones for callers of one tenant.',
    }),
  workers: z.array(
    z.object({
      name: z.string(),
      capacity: z.number(),
      running: z.number(),
      meanJobMs: z.number(),
      stuckMs: z.number().optional(),
      readable: z.boolean(),
    }),
  ),
  pool: z
    .object({
      blank: z.number(),
      idle: z.number(),
      leased: z.number(),
      creating: z.number(),
      waiting: z.number(),
    })
    .optional()
    .meta({ description: 'Sandboxes of this process.' }),
  quarantine: z.array(
    z.object({ hash: z.string(), until: z.string(), kind: z.string(), proofs: z.number() }),
  ),
});

/** Other members of a decision are ignored. */
const decisionTexts = z.object({
  ...resultTextsShape,
  diagnostics: resultTextsShape.diagnostics.optional(),
  decidedBy: z.string().optional(),
  effectiveInput: z.unknown().optional(),
});
export const answersBody = z.strictObject({
  decision: z.union([z.enum(decisionKinds), decisionTexts]).meta({
    description: 'block, ask, allow or none, or a decision with its texts.',
  }),
  event: foreignName,
  context: z
    .union([z.record(z.string(), z.unknown()), z.string()])
    .optional()
    .meta({ description: "The agent's JSON: a rewrite is applied to its input." }),
  dialect: foreignName.optional().meta({ description: 'Protocol of the hooks. Default: azure.' }),
});
export const answersAnswer = z.object({ answers: z.array(agentAnswer) });

export const scriptAnswer = z.object({
  sha256: z.string(),
  runtime: z.string(),
  text: z.string(),
  hookset: z.string(),
  version: z.number().int().optional(),
  hook: z.string(),
  event: z.string(),
});

/** One message of the stream: `event` is its type, `data` its JSON, `id` its number. */
export const eventMessages = {
  evaluation: evaluationSummary,
  hookset: z.object({
    name: hookSetName,
    change: z.enum(['stored', 'deleted']),
    version: z.number().int().optional(),
    by: z.string().optional(),
    at: z.string(),
  }),
  dropped: z.object({ count: z.number().int() }),
} as const;

const evaluations = z.number().int();
export const countsAnswer = z.object({
  stepMs: evaluations.meta({ description: 'How long a step is, in milliseconds.' }),
  steps: z
    .array(
      z.object({
        at: z.string().meta({ description: 'When the step begins.' }),
        ...(Object.fromEntries(outcomes.map((outcome) => [outcome, evaluations])) as Record<
          (typeof outcomes)[number],
          typeof evaluations
        >),
      }),
    )
    .meta({
      description:
        'The oldest first; those without an evaluation are left out. block, ask, allow and none are what a hook said, or that none did; fail-mode: a hook failed, and its failMode decided; not-run: the same, because it did not run.',
    }),
});
