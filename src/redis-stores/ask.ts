/** What becomes of a question to Redis: its answer in time, or UnavailableError. */
import { within } from '../deadline.ts';
import { messageOf, UnavailableError } from '../errors.ts';
import { corruptError } from './corrupt.ts';

/**
 * Without the cause: ioredis puts the command into it, and with it scripts and contexts.
 * @param what is asked for, with its name and tenant.
 * @throws HttpError `STORE_CORRUPT` when its key holds something of another kind
 * @throws UnavailableError `QUEUE_UNAVAILABLE`: cut off, too late, full, or still loading.
 */
export async function ask<T>(what: string, asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (messageOf(error).includes('WRONGTYPE')) throw corruptError(what);
    throw new UnavailableError('QUEUE_UNAVAILABLE', `Redis did not do it: ${messageOf(error)}`);
  }
}

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when it takes longer; the asking goes on. */
export async function inTime<T>(asking: Promise<T>, withinMs: number | undefined): Promise<T> {
  if (withinMs === undefined || (await within(withinMs, asking))) return asking;
  throw new UnavailableError('QUEUE_UNAVAILABLE', `Redis did not answer within ${Math.round(withinMs)} ms.`);
}
