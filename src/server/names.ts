/** Names that callers choose, as they may be written. */
import { z } from 'zod';

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const rule = 'must be 1 to 128 letters, digits, ".", "_" or "-", the first a letter or digit';

export const tenantName = z.string().regex(plainName, rule);
export const hookSetName = z.string().regex(plainName, rule);
export const evaluationId = z.string().regex(plainName, rule);
export const hookNameText = z.string().min(1).max(160);
/** Agents make these up in many ways: `19:abc@thread.v2`. */
export const threadName = z
  .string()
  .regex(/^[^\p{Cc}\p{Surrogate}]{1,256}$/u, 'must be 1 to 256 characters, none of them a control character');

export const defaultTenant = 'default';
/** In a token: the caller says the tenant. */
export const anyTenant = '*';
