/** Schemas of an http hook that files and messages of the queue have in common. */
import { z } from 'zod';
import { decisionKinds } from './decision.ts';

const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*){1,16}$/, 'must be a JSON pointer such as /result/flagged');
const verdictRule = z.union(
  [pointer, z.strictObject({ at: pointer, equals: z.json() })],
  'must be a JSON pointer such as /flagged, or {at: POINTER, equals: VALUE}',
);

export const verdictSchema = z.strictObject({
  block: verdictRule.optional(),
  ask: verdictRule.optional(),
  allow: verdictRule.optional(),
  reason: pointer.optional(),
});

/** What a status means, such as `403: block`. */
export const statusesSchema = z.record(
  z.string().regex(/^[1-5]\d\d$/, 'must be a status'),
  z.enum(decisionKinds),
);

export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a secret');

export const retriesSchema = z.int().min(0).max(3);
