/** Why a pool hands out no sandbox. */
import { UnavailableError } from '../errors.ts';

export function shuttingDown(): UnavailableError {
  return new UnavailableError('SHUTTING_DOWN', 'The pool is closing and takes no more jobs.');
}

export function exhausted(afterMs: number, max: number): UnavailableError {
  return new UnavailableError(
    'POOL_EXHAUSTED',
    `No sandbox was free within ${afterMs / 1000} s; ${max} may exist at once.`,
  );
}
