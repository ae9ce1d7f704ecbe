/**
 * The text and the hash of a context's bytes. Messages in the queue carry the text; evaluations and
 * jobs are named by the hash. Both are computed on first use and cached, so that the hooks of an
 * event share them: for 8 MiB the text takes 8 to 32 ms and the hash 5 ms.
 */
import { hash } from 'node:crypto';

/**
 * Bytes with their cached text and hash. The bytes must not change while the object is in use;
 * every evaluation has its own object.
 */
export class Content {
  readonly bytes: Uint8Array;
  #text: { readonly decoded: string | undefined } | undefined;
  #sha256: string | undefined;

  /**
   * @param sha256 the hash of the bytes, where it was computed before, for example by a worker
   * thread.
   */
  constructor(bytes: Uint8Array, sha256?: string) {
    this.bytes = bytes;
    this.#sha256 = sha256;
  }

  /** Returns `known` if it holds this very array of bytes, and a new content otherwise. */
  static of(bytes: Uint8Array, known: Content | undefined): Content {
    return known?.bytes === bytes ? known : new Content(bytes);
  }

  /** The bytes as text, including a byte order mark; undefined where they are not UTF-8. */
  get text(): string | undefined {
    this.#text ??= { decoded: decodeUtf8(this.bytes) };
    return this.#text.decoded;
  }

  /** The SHA-256 of the bytes, as 64 hexadecimal digits. */
  get sha256(): string {
    this.#sha256 ??= hash('sha256', this.bytes, 'hex');
    return this.#sha256;
  }
}

/** Decodes bytes and keeps a byte order mark. @returns undefined for bytes that are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
