/** Names that callers choose, as they may be written. */
import { z } from 'zod';
import { plainNamePattern } from '../protocol/limits.ts';

const rule = 'must be 1 to 128 letters, digits, ".", "_" or "-", the first a letter or digit';

export const tenantName = z.string().regex(plainNamePattern, rule);
export const hookSetName = z.string().regex(plainNamePattern, rule);
export const evaluationId = z.string().regex(plainNamePattern, rule);
/**
 * What no name may have: control characters, what some programs take for the end of a line, halves of surrogate pairs. They
 * would break what names are written into.
 */
const unfitForNames = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}`;

function freeText(most: number): z.ZodString {
  const rule = `must be 1 to ${most} characters, none of them a control character or a line separator`;
  return z.string().regex(new RegExp(`^[^${unfitForNames}]{1,${most}}$`, 'u'), rule);
}

/** A name that another program has made up: of an agent, an event, a dialect. */
export const foreignName = freeText(256);
export const hookNameText = freeText(160);
/** Agents make these up in many ways: `19:abc@thread.v2`. */
export const threadName = freeText(256);

/** In a token: the caller says the tenant. */
export const anyTenant = '*';
