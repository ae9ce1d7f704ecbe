/**
 * Reads the frames that a supervisor sends. They are treated as hostile: a length is checked before
 * anything is stored, and any mismatch is a `BAD_FRAME`.
 */
import { badFrame } from './bad-frame.ts';
import { doneHeaderBytes } from './done.ts';
import { header } from './frames.ts';

/** READY, DIRTY and FAULT carry a short text. */
const textLimitBytes = 4096;

/** The types of frames that the supervisor sends, by their letters in wire.h. */
const typeByLetter = {
  R: 'ready',
  S: 'state',
  D: 'done',
  X: 'dirty',
  E: 'fault',
  P: 'pong',
} as const;

type FrameType = (typeof typeByLetter)[keyof typeof typeByLetter];

const typeByCode: ReadonlyMap<number | undefined, FrameType> = new Map(
  Object.entries(typeByLetter).map(([letter, type]) => [letter.charCodeAt(0), type]),
);

export interface Frame {
  readonly type: FrameType;
  readonly nonce: Buffer;
  readonly payload: Buffer;
}

/** Splits a byte stream into frames, wherever the chunks are cut. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  readonly #header = Buffer.alloc(header.bytes);
  #headerFill = 0;
  #payload: Buffer | undefined;
  #payloadFill = 0;
  #limit = textLimitBytes;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /**
   * Sets the payload bytes that the next frames may have.
   * @param bytes the output limits of the running job, for DONE.
   * @param stateBytes those of STATE; 0: the job has none.
   */
  expectOutput(bytes: number, stateBytes = 0): void {
    this.#limit = Math.max(textLimitBytes, doneHeaderBytes + bytes, stateBytes);
  }

  /** @throws SandboxError `BAD_FRAME` on an unknown type or a length above the present limit. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === undefined) {
        const taken = chunk.copy(this.#header, this.#headerFill, at);
        at += taken;
        this.#headerFill += taken;
        if (this.#headerFill === header.bytes) this.#begin();
      } else {
        const taken = chunk.copy(this.#payload, this.#payloadFill, at);
        at += taken;
        this.#payloadFill += taken;
      }
      this.#finishIfWhole();
    }
  }

  #begin(): void {
    const length = this.#header.readUInt32LE(header.length);
    if (typeByCode.get(this.#header[header.type]) === undefined)
      throw badFrame('unknown frame type');
    if (length > this.#limit)
      throw badFrame(`frame of ${length} bytes where ${this.#limit} are the most`);
    this.#payload = Buffer.allocUnsafe(length);
    this.#payloadFill = 0;
  }

  #finishIfWhole(): void {
    const payload = this.#payload;
    const type = typeByCode.get(this.#header[header.type]);
    if (payload === undefined || this.#payloadFill < payload.length || type === undefined) return;
    const nonce = Buffer.from(this.#header.subarray(header.nonce));
    this.#payload = undefined;
    this.#headerFill = 0;
    this.#onFrame({ type, nonce, payload });
  }
}
