/**
 * The control channel to one supervisor: its stream, the one answer that is awaited, and pings. It
 * reports the first fault and leaves the end of the sandbox to its owner.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { messageOf } from '../errors.ts';
import { Demux } from './demux.ts';
import { type Frame, FrameReader } from './frame-reader.ts';
import { encodePing, nonceBytes } from './frames.ts';

const logBytes = 4096;

interface Waiter {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

export class Channel {
  readonly #stream: Duplex;
  readonly #reader: FrameReader;
  readonly #onFault: (why: string) => void;
  #waiter: Waiter | undefined;
  /** The nonce of the HELLO or of the last job, which READY, DONE and DIRTY must carry. */
  #nonce: Buffer = Buffer.alloc(nonceBytes);
  /** The frame after DONE: READY may arrive in the same chunk, before following() is called. */
  #early: Promise<Frame> | undefined;
  /** Whether a STATE may come: once, before the DONE of a job that has one. */
  #awaitsState = false;
  #state: Buffer | undefined;
  #cause: Error | undefined;
  #log = '';
  #pingPending = false;

  /** @param onFault called with the words that complete "the sandbox is lost: ". */
  constructor(stream: Duplex, onFault: (why: string) => void) {
    this.#stream = stream;
    this.#onFault = onFault;
    this.#reader = new FrameReader((frame) => this.#receive(frame));
    const demux = new Demux({
      stdout: (bytes) => this.#reader.push(bytes),
      stderr: (bytes) => {
        if (this.#log.length < logBytes) this.#log += bytes.toString('latin1');
      },
    });
    stream.on('data', (chunk: Buffer) => this.#guard(() => demux.push(chunk)));
    stream.on('error', (error) => onFault(`its stream failed: ${messageOf(error)}`));
    stream.on('close', () => onFault('its stream closed'));
    stream.on('end', () => onFault('its stream ended'));
  }

  /** The first bytes that the supervisor wrote to its stderr. */
  get log(): string {
    return this.#log.trim();
  }

  /** Why the channel was closed. */
  get cause(): Error | undefined {
    return this.#cause;
  }

  /** Sets the payload bytes that the next DONE and STATE may have. */
  expectOutput(bytes: number, stateBytes: number): void {
    this.#reader.expectOutput(bytes, stateBytes);
    this.#awaitsState = stateBytes > 0;
  }

  /** The payload of the STATE before the last DONE, once. */
  takeState(): Buffer | undefined {
    const state = this.#state;
    this.#state = undefined;
    return state;
  }

  /** Returns the next frame, which must carry the nonce. */
  answerTo(nonce: Buffer): Promise<Frame> {
    this.#nonce = nonce;
    return this.#nextFrame();
  }

  /** Returns the frame after the last DONE. */
  async following(): Promise<Frame> {
    try {
      return await (this.#early ?? this.#nextFrame());
    } finally {
      this.#early = undefined;
    }
  }

  write(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  /** Sends a ping. A supervisor that has not answered the last one is a fault. */
  ping(): void {
    if (this.#pingPending) {
      this.#onFault('it does not answer pings');
      return;
    }
    this.#pingPending = true;
    this.#stream.write(encodePing(randomBytes(nonceBytes)));
  }

  /** Ends the stream, and with it the container, whose stdin it is; rejects the awaited answer. */
  close(cause: Error): void {
    this.#cause = cause;
    this.#stream.destroy();
    this.#waiter?.reject(cause);
    this.#waiter = undefined;
  }

  #nextFrame(): Promise<Frame> {
    if (this.#cause !== undefined) return Promise.reject(this.#cause);
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  #receive(frame: Frame): void {
    if (frame.type === 'pong') {
      if (!this.#pingPending) this.#onFault('it answered a ping that nobody sent');
      this.#pingPending = false;
      return;
    }
    const waiter = this.#waiter;
    if (frame.type === 'fault') {
      this.#onFault(`its supervisor failed: ${frame.payload.toString('latin1')}`);
    } else if (waiter === undefined || !this.#nonce.equals(frame.nonce)) {
      this.#onFault(`an unexpected ${frame.type} frame`);
    } else if (frame.type === 'state' && this.#awaitsState) {
      this.#awaitsState = false;
      this.#state = frame.payload;
    } else {
      this.#awaitsState = false;
      this.#waiter = undefined;
      if (frame.type === 'done') this.#early = this.#nextFrame();
      this.#early?.catch(() => undefined);
      waiter.resolve(frame);
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#onFault(messageOf(error));
    }
  }
}
