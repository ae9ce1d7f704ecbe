/**
 * Reads a request body while it arrives. Each byte is counted when it arrives: a body that is only
 * announced takes no share of the memory for bodies.
 */
import type { FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

/**
 * Stops reading once the body is refused.
 * @throws HttpError 413 for a body of more than `limitBytes`, 503 `OVERLOADED` when there is no
 * place or memory for it
 */
export async function readArrivingBody(
  { raw: stream, places }: FastifyRequest,
  limitBytes: number,
): Promise<Buffer> {
  const declared = Number(stream.headers['content-length'] ?? 0);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  if (places === null) throw new Error('a body on a route that takes none');
  places.expectBody(declared);
  return new Promise((resolve, reject) => {
    const received = new GrowingBuffer(declared === 0 ? limitBytes : declared);
    const settle = (action: () => void) => {
      stream.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      places.bodyEnded();
      action();
    };
    const refuse = (error: unknown) => {
      stream.pause();
      settle(() => reject(error));
    };
    const onData = (chunk: Buffer) => {
      try {
        if (received.length + chunk.length > limitBytes) throw tooLarge(limitBytes);
        places.bodyBytes(chunk.length);
        received.add(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const onEnd = () => settle(() => resolve(received.content()));
    const onCut = () =>
      refuse(new HttpError(400, 'INVALID_BODY', 'The body did not arrive whole.'));
    stream.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}

/**
 * A buffer of at most twice the size of its content. A list of the chunks would be hundreds of
 * times as large as the content where the client sends chunks of one byte.
 */
class GrowingBuffer {
  readonly #wanted: number;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  /** @param wanted the number of bytes that are likely to arrive. */
  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    // Most bodies arrive in one chunk, which is kept without a copy.
    if (this.#length === 0) this.#buffer = piece;
    else {
      if (length > this.#buffer.length) this.#grow(length);
      piece.copy(this.#buffer, this.#length);
    }
    this.#length = length;
  }

  content(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(needed * 2, this.#wanted)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError(
    413,
    'TOO_LARGE',
    `The body has more than ${limitBytes} bytes, the most that is taken.`,
  );
}
