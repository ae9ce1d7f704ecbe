/**
 * Entries in Redis that cannot be parsed. A corrupt entry affects no other: a caller that asks for
 * it gets an error, the operator gets one warning, and the entry can be removed or replaced like
 * any other.
 */
import { BoundedMap } from '../server/bounded-map.ts';
import { HttpError } from '../server/http-error.ts';
import type { RedisStoreOptions } from './options.ts';

const rememberedTexts = 1_000;

/** @param what the entry, with its name and tenant. */
export function corruptError(what: string): HttpError {
  return new HttpError(
    500,
    'STORE_CORRUPT',
    `What is stored of ${what} cannot be read. Remove it, or store it anew.`,
  );
}

/** Warns of each corrupt entry once. */
export class CorruptLog {
  readonly #warn: RedisStoreOptions['warn'];
  readonly #told = new BoundedMap<true>(rememberedTexts, Infinity);

  constructor({ warn }: RedisStoreOptions) {
    this.#warn = warn;
  }

  /** @returns the error for the caller that asked for the entry. */
  tell(what: string): HttpError {
    const error = corruptError(what);
    if (this.#told.get(what) === undefined) this.#warn(error.message);
    this.#told.set(what, true, 0);
    return error;
  }
}
