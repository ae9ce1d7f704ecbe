/** The schema of an operator's targets file. */
import { z } from 'zod';
import { secretSchema } from './secrets.ts';
import { targetSchema } from './targets.ts';

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');

export const outboundSettingsSchema = z.strictObject({
  targets: z.record(name, targetSchema),
  secrets: z.record(name, secretSchema).default({}),
});

export type OutboundSettings = z.infer<typeof outboundSettingsSchema>;
