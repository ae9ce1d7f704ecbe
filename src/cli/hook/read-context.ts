/** Reads the agent's JSON from stdin, as bytes. */
import { UndecidedError } from './undecided.ts';

/** The largest body limit that a server can be configured with. */
const maxBytes = 64 << 20;

export class ContextReader {
  readonly #chunks: Buffer[] = [];

  /** The bytes received so far, in which the fallback looks for the event. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** @throws UndecidedError when stdin is empty or too large. */
  async read(stdin: AsyncIterable<unknown>): Promise<Buffer> {
    let length = 0;
    for await (const chunk of stdin) {
      length += (chunk as Buffer).length;
      if (length > maxBytes)
        throw new UndecidedError(`the context on stdin has more than ${maxBytes} bytes`);
      this.#chunks.push(chunk as Buffer);
    }
    if (length === 0)
      throw new UndecidedError('there is nothing on stdin; the agent has to send its JSON there');
    return this.bytes;
  }
}
