/**
 * Docker's multiplexed attach stream: 8-byte header (stream, 0, 0, 0, big-endian length), payload.
 *
 * docker-modem's own demuxer is recursive and copies the rest of its buffer per frame: some 3,500
 * one-byte frames in a chunk end the process with a stack overflow. This one is a loop, copies no
 * payload and rejects whatever the engine does not write.
 */
import { SandboxError } from '../errors.ts';

const headerBytes = 8;
const stdoutStream = 1;
const stderrStream = 2;

/** Receives payload as slices of the chunks that were pushed. */
export interface DemuxSink {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
}

export class Demux {
  readonly #sink: DemuxSink;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFill = 0;
  #left = 0;
  #stream = 0;

  constructor(sink: DemuxSink) {
    this.#sink = sink;
  }

  /** @throws SandboxError `BAD_STREAM` when the bytes are not a multiplexed stream. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) {
        at = this.#readHeader(chunk, at);
        continue;
      }
      const end = Math.min(chunk.length, at + this.#left);
      const bytes = chunk.subarray(at, end);
      this.#left -= bytes.length;
      at = end;
      if (this.#stream === stdoutStream) this.#sink.stdout(bytes);
      else this.#sink.stderr(bytes);
    }
  }

  #readHeader(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#header, this.#headerFill, at);
    this.#headerFill += taken;
    if (this.#headerFill < headerBytes) return at + taken;
    this.#headerFill = 0;
    this.#stream = this.#header[0] ?? 0;
    const padding = this.#header.readUIntBE(1, 3);
    if ((this.#stream !== stdoutStream && this.#stream !== stderrStream) || padding !== 0) {
      throw new SandboxError(
        'BAD_STREAM',
        'The attach stream of a sandbox is not multiplexed output.',
      );
    }
    this.#left = this.#header.readUInt32BE(4);
    return at + taken;
  }
}
