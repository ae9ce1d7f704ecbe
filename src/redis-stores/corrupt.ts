/**
 * What is in Redis and cannot be read: it spoils itself only. Who asks for it is told so, the operator once, and it can be
 * removed or replaced like any other.
 */
import { BoundedMap } from '../server/bounded-map.ts';
import { HttpError } from '../server/http-error.ts';
import type { RedisStoreOptions } from './options.ts';

const rememberedTexts = 1_000;

/** @param what with its name and tenant. */
export function corruptError(what: string): HttpError {
  return new HttpError(500, 'STORE_CORRUPT', `What is stored of ${what} cannot be read. Remove it, or store it anew.`);
}

/** Tells each text once. */
export class CorruptLog {
  readonly #warn: RedisStoreOptions['warn'];
  readonly #told = new BoundedMap<true>(rememberedTexts, Infinity);

  constructor({ warn }: RedisStoreOptions) {
    this.#warn = warn;
  }

  /** @returns the error for who asked for it. */
  tell(what: string): HttpError {
    const error = corruptError(what);
    if (this.#told.get(what) === undefined) this.#warn(error.message);
    this.#told.set(what, true, 0);
    return error;
  }
}
