/**
 * What is made of a context's bytes: their text, which the messages of the queue carry, and their hash, which
 * evaluations and jobs are named by. Both are made when they are first asked for and kept, so that the hooks of an
 * event share them: of 8 MiB a text takes 8 to 32 ms, a hash 5 ms.
 */
import { hash } from 'node:crypto';

/** The bytes must not change while it is in use; every evaluation has its own. */
export class Content {
  readonly bytes: Uint8Array;
  #text: { readonly decoded: string | undefined } | undefined;
  #sha256: string | undefined;

  /** @param sha256 of the bytes, where another thread has made it. */
  constructor(bytes: Uint8Array, sha256?: string) {
    this.bytes = bytes;
    this.#sha256 = sha256;
  }

  /** The known content where it is of these very bytes; a new one otherwise. */
  static of(bytes: Uint8Array, known: Content | undefined): Content {
    return known?.bytes === bytes ? known : new Content(bytes);
  }

  /** The bytes as text, a byte order mark included; undefined where they are no UTF-8. */
  get text(): string | undefined {
    this.#text ??= { decoded: decodeUtf8(this.bytes) };
    return this.#text.decoded;
  }

  /** 64 hexadecimal digits. */
  get sha256(): string {
    this.#sha256 ??= hash('sha256', this.bytes, 'hex');
    return this.#sha256;
  }
}

/** A byte order mark stays. @returns undefined for bytes that are no UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
