import { UnavailableError } from '../../errors.ts';

/** The tenant that an input is read for, and how long the caller waits. */
export interface ReadCall {
  readonly tenant: string;
  /** Milliseconds. Default: the limit of the reader. */
  readonly withinMs?: number | undefined;
}

/**
 * The error for a caller whose time is over. @param limit the time limit, as the message names it.
 */
export function lateError(what: string, limit = 'the deadline'): UnavailableError {
  return new UnavailableError('OVERLOADED', `${what} could not be read within ${limit}.`);
}
