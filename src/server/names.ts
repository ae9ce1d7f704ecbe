/** Schemas of the names that callers choose. */
import { z } from 'zod';
import { plainNamePattern } from '../protocol/limits.ts';

const rule = 'must be 1 to 128 letters, digits, ".", "_" or "-", the first a letter or digit';

export const tenantName = z.string().regex(plainNamePattern, rule);
export const hookSetName = z.string().regex(plainNamePattern, rule);
export const evaluationId = z.string().regex(plainNamePattern, rule);
/**
 * Characters that no name may have: control characters, line separators of some programs, and
 * halves of surrogate pairs. They would break the texts that names are written into.
 */
const unfitForNames = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}`;

function freeText(most: number): z.ZodString {
  const rule = `must be 1 to ${most} characters, none of them a control character or a line separator`;
  return z.string().regex(new RegExp(`^[^${unfitForNames}]{1,${most}}$`, 'u'), rule);
}

/** A name that another program has chosen: of an agent, an event, a dialect. */
export const foreignName = freeText(256);
export const hookNameText = freeText(160);
export const callerName = freeText(64);
/** Agents choose these names in many formats, such as `19:abc@thread.v2`. */
export const threadName = freeText(256);

/** The tenant of a token whose caller names the tenant of each request. */
export const anyTenant = '*';
