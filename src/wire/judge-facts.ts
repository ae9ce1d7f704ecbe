/** The schema of what a judge was asked, in results and audit records. */
import { z } from 'zod';

export const judgeFactsSchema = z.strictObject({
  judge: z.string(),
  host: z.string(),
  model: z.string().nullable(),
  calls: z.number(),
  attempts: z.number(),
  statuses: z.array(z.number()).readonly(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  cost: z.number().nullable(),
  spentUnknown: z.number(),
  cache: z.enum(['hit', 'miss']).optional(),
  promptSha256: z.string(),
  requestIds: z.array(z.string()).readonly(),
  tools: z
    .array(
      z.strictObject({ name: z.string(), ms: z.number(), bytes: z.number(), status: z.string() }),
    )
    .readonly(),
  totalMs: z.number(),
  worker: z.string().optional(),
});
