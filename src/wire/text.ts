/**
 * Converts between texts in messages, which are JSON strings, and the bytes that scripts read. Both
 * ways lose nothing, or fail.
 */
import type { ZodError } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { Content } from '../protocol/content.ts';

/** @throws InvalidInputError `INVALID_JOB` for a text that is too long or has no UTF-8 form. */
export function encodeText(field: string, text: string, maxBytes: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > maxBytes)
    throw invalidJob(`${field}: ${bytes.length} bytes; ${maxBytes} are the most`);
  if (!text.isWellFormed())
    throw invalidJob(`${field}: half of a surrogate pair, which has no UTF-8 form`);
  return bytes;
}

/** @throws InvalidInputError `INVALID_JOB` for bytes that are no UTF-8. */
export function decodeText(field: string, bytes: Uint8Array): string {
  return textOf(field, new Content(bytes));
}

/** @throws InvalidInputError `INVALID_JOB` for a content that is no UTF-8. */
export function textOf(field: string, { text }: Content): string {
  if (text === undefined) throw invalidJob(`${field}: not valid UTF-8`);
  return text;
}

/** Whether objects and arrays are nested deeper; level by level, since a value may have 100,000. */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((one) => Object.values(one)).filter(isNested);
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The first three problems that a schema finds in a message, with their fields. */
export function issuesText({ issues }: ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
    .join('; ');
}

export function invalidJob(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_JOB', `The job cannot be used: ${message}.`);
}
