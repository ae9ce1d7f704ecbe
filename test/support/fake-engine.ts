/**
 * An engine whose containers the test simulates: it gets the frames of the host and sends any
 * answer.
 */
import { Duplex } from 'node:stream';
import type { SandboxEngine } from '../../src/sandbox/sandbox.ts';
import { donePayload, multiplexed, supervisorFrame } from './supervisor-frames.ts';

export interface HostFrame {
  readonly type: string;
  readonly nonce: Buffer;
  readonly payload: Buffer;
}

interface Actor {
  /** Sends bytes on the supervisor's stdout. */
  send(bytes: Uint8Array): void;
  /** Sends bytes that are not a multiplexed stream. */
  sendRaw(bytes: Uint8Array): void;
  close(): void;
}

export type Script = (frame: HostFrame, actor: Actor) => void;

/** Sends READY, answers pings, and ends every job with exit code 0 and a clean reset. */
export const wellBehaved: Script = (frame, actor) => {
  if (frame.type === 'H') actor.send(supervisorFrame('R', frame.nonce, Buffer.from('version=3\n')));
  if (frame.type === 'P') actor.send(supervisorFrame('P', frame.nonce));
  if (frame.type === 'J')
    actor.send(
      Buffer.concat([
        supervisorFrame('D', frame.nonce, donePayload()),
        supervisorFrame('R', frame.nonce),
      ]),
    );
};

export class FakeEngine implements SandboxEngine {
  readonly calls: string[] = [];
  readonly frames: HostFrame[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async create(): Promise<string> {
    this.calls.push('create');
    return 'c0ffee';
  }

  async attach(): Promise<Duplex> {
    this.calls.push('attach');
    let pending = Buffer.alloc(0);
    const stream: Duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 21 && pending.length >= 21 + pending.readUInt32LE(0)) {
          const end = 21 + pending.readUInt32LE(0);
          const frame = {
            type: String.fromCharCode(pending[4] ?? 0),
            nonce: pending.subarray(5, 21),
            payload: pending.subarray(21, end),
          };
          pending = pending.subarray(end);
          this.frames.push(frame);
          setImmediate(() => this.#script(frame, actor));
        }
        done();
      },
    });
    const actor: Actor = {
      send: (bytes) => void (stream.destroyed || stream.push(multiplexed(1, bytes))),
      sendRaw: (bytes) => void (stream.destroyed || stream.push(bytes)),
      close: () => void stream.destroy(),
    };
    return stream;
  }

  async start(): Promise<void> {
    this.calls.push('start');
  }

  async remove(): Promise<void> {
    this.calls.push('remove');
  }
}
