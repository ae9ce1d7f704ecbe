/** What becomes of a question to Redis: its answer in time, or UnavailableError. */

import { within } from '../../deadline.ts';
import { messageOf, UnavailableError } from '../../errors.ts';

/**
 * Without the cause: ioredis puts the command into it, and with it scripts and contexts.
 * @throws UnavailableError `QUEUE_UNAVAILABLE`: cut off, too late, full, or still loading.
 */
export async function ask<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    throw new UnavailableError('QUEUE_UNAVAILABLE', `Redis did not do it: ${messageOf(error)}`);
  }
}

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when it takes longer; the asking goes on. */
export async function inTime<T>(asking: Promise<T>, withinMs: number | undefined): Promise<T> {
  if (withinMs === undefined || (await within(withinMs, asking))) return asking;
  throw new UnavailableError('QUEUE_UNAVAILABLE', `Redis did not answer within ${Math.round(withinMs)} ms.`);
}
