/** Schemas of the list of evaluations: what a search asks for, and what it answers with. */
import { z } from 'zod';
import { decisionKinds } from '../protocol/decision.ts';
import { howSchema } from './explain-schemas.ts';
import { foreignName, tenantName } from './names.ts';

/** The most evaluations of one answer. */
const pageMost = 200;
export const pageDefault = 50;
/** The most values of one filter. */
const valuesMost = 20;

const values = z
  .union([z.string(), z.array(z.string()).max(valuesMost)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .pipe(z.array(z.string().min(1).max(300)));

function filter(what: string) {
  return values.optional().meta({
    description: `${what} May be repeated: any of them. A leading ! excludes.`,
  });
}

const instant = z.iso
  .datetime({ offset: true, error: 'must be a time in ISO 8601, such as 2026-01-31T12:00:00Z' })
  .optional();

/** A whole number in a query, as text. */
function count(most: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(most));
}

export const searchQuery = z.strictObject({
  since: instant.meta({ description: 'Not before this time, ISO 8601.' }),
  until: instant.meta({ description: 'Before this time, ISO 8601.' }),
  decision: filter('block, ask, allow or none.'),
  cause: filter('How it was decided: hook, fail-mode, not-run, none, or the code of a cause.'),
  hook: filter('Name of a hook that was called.'),
  tool: filter('Name of the tool.'),
  event: filter('Name of the event.'),
  dialect: filter('Protocol of the hooks.'),
  hookset: filter('Name of the stored hook set.'),
  thread: filter('Name of the thread.'),
  q: z.string().min(1).max(200).optional().meta({
    description:
      'A text in the id, the tool, its subject, the reason, the traceId or a name of a hook.',
  }),
  before: z
    .string()
    .max(100)
    .regex(/^[\w.:-]+$/, 'must be the next of an earlier answer')
    .optional()
    .meta({ description: 'Goes on behind an earlier answer: its next.' }),
  limit: count(pageMost)
    .optional()
    .meta({ description: `Default: ${pageDefault}.` }),
  tenant: tenantName.optional(),
});

export const traceId = z.string().optional().meta({
  description: "The trace of the request's traceparent: 32 hexadecimal digits.",
});

export const evaluationSummary = z.object({
  id: z.string(),
  at: z.string(),
  dialect: z.string(),
  event: z.string(),
  tool: z.string().optional(),
  subject: z
    .string()
    .optional()
    .meta({ description: 'What the tool is used on, at most 200 characters.' }),
  hookset: z.string().optional(),
  thread: z.string().optional(),
  replayOf: z.string().optional(),
  caller: z.string().optional().meta({ description: 'Name of the token.' }),
  traceId,
  decision: z.enum(decisionKinds),
  how: howSchema,
  decidedBy: z.string().optional(),
  code: z.string().optional().meta({ description: 'Of the cause, where a failMode decided.' }),
  reason: z.string().optional().meta({ description: 'At most 300 characters.' }),
  durationMs: z.number(),
  hooks: z.array(z.string()).meta({ description: 'Names of the hooks that were called.' }),
  failed: z.number().int().meta({ description: 'Hooks that failed by their own fault.' }),
  notRun: z.number().int().meta({ description: 'Hooks that did not run.' }),
  skipped: z.number().int(),
  kept: z
    .boolean()
    .meta({ description: 'Its context was kept: it can be replayed and explained.' }),
});

export const evaluationsAnswer = z.object({
  evaluations: z.array(evaluationSummary).meta({ description: 'The newest first.' }),
  next: z.string().optional().meta({
    description:
      'before of the next call. It is there also after a page that is not full, or empty: one call looks at 2,000 evaluations.',
  }),
  scanned: z.number().int(),
  unreadable: z.number().int().meta({ description: 'Entries that cannot be read.' }),
});

export const keptContextAnswer = z.object({
  id: z.string(),
  event: z.string().optional(),
  context: z.string().meta({ description: "The agent's JSON as it was sent." }),
  transcript: z.string().optional(),
  cwd: z.string().optional(),
  active: z.array(z.string()),
  documents: z
    .array(
      z.object({
        name: z.string(),
        scope: z.string(),
        sha256: z.string(),
        text: z.string(),
        dialect: foreignName.optional(),
      }),
    )
    .meta({ description: 'The hooks as they were.' }),
});
