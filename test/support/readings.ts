/**
 * Counts how often bytes of one length are decoded and hashed, for tests that expect this to happen
 * once.
 */
import type { Hash } from 'node:crypto';
import type { TextDecoder as Decoder } from 'node:util';
import { vi } from 'vitest';

export interface Readings {
  /** Length in bytes of the texts that are counted. */
  length: number;
  decoded: number;
  hashed: number;
}

type Crypto = typeof import('node:crypto');

/** For `vi.mock('node:crypto')`: the module with counted hashes. */
export function countingCrypto(real: Crypto, readings: Readings): Crypto {
  const count = (data: unknown) => {
    if (data instanceof Uint8Array && data.length === readings.length) readings.hashed++;
  };
  const createHash = (name: string): Hash => {
    const made = real.createHash(name);
    const update = made.update.bind(made);
    made.update = (data: string | NodeJS.ArrayBufferView) => {
      count(data);
      return update(data as string);
    };
    return made;
  };
  const hash = (...[name, data, encoding]: Parameters<Crypto['hash']>) => {
    count(data);
    return real.hash(name, data, encoding);
  };
  return { ...real, createHash, hash: hash as Crypto['hash'] };
}

/** Counts until vi.restoreAllMocks(). */
export function countDecoding(readings: Readings): void {
  const real = TextDecoder.prototype.decode;
  vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation(function (
    this: Decoder,
    input,
    options,
  ) {
    if (input instanceof Uint8Array && input.length === readings.length) readings.decoded++;
    return real.call(this, input, options);
  });
}
