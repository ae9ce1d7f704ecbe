/**
 * Converts errors of Redis commands into hookpool's errors, and limits how long their answers are
 * waited for.
 */
import { settlesWithin } from '../deadline.ts';
import { messageOf, UnavailableError } from '../errors.ts';
import { corruptError } from './corrupt.ts';

/**
 * Awaits a command and converts its error. The new error has no `cause`: ioredis puts the command
 * into it, and with it scripts and contexts.
 * @param what the thing that is asked for, with its name and tenant.
 * @throws HttpError `STORE_CORRUPT` when its key holds a value of another type
 * @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is disconnected, too slow, full or still
 * loading.
 */
export async function ask<T>(what: string, asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (messageOf(error).includes('WRONGTYPE')) throw corruptError(what);
    throw new UnavailableError('QUEUE_UNAVAILABLE', `Redis did not do it: ${messageOf(error)}`);
  }
}

/**
 * @throws UnavailableError `QUEUE_UNAVAILABLE` when it takes longer than `withinMs`; the command is
 * not cancelled.
 */
export async function withTimeout<T>(asking: Promise<T>, withinMs: number | undefined): Promise<T> {
  if (withinMs === undefined || (await settlesWithin(withinMs, asking))) return asking;
  throw new UnavailableError(
    'QUEUE_UNAVAILABLE',
    `Redis did not answer within ${Math.round(withinMs)} ms.`,
  );
}
