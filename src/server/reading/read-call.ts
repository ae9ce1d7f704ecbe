import { UnavailableError } from '../../errors.ts';

/** For whom is read, and for how long somebody waits for it. */
export interface ReadCall {
  readonly tenant: string;
  /** Milliseconds. Default: as long as the reader lets anybody wait. */
  readonly withinMs?: number | undefined;
}

/** What a caller gets who does not wait any longer. @param limit the time, as the message says it. */
export function lateError(what: string, limit = 'the deadline'): UnavailableError {
  return new UnavailableError('OVERLOADED', `${what} could not be read within ${limit}.`);
}
