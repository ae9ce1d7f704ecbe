/**
 * The host's half of the control channel; the supervisor's half is
 * sandbox-images/supervisor/wire.h. What comes in is treated as hostile: lengths are bounded before
 * anything is stored, and whatever does not fit exactly is a `BAD_FRAME`.
 */
import { constants } from 'node:os';
import { SandboxError } from '../errors.ts';
import type { Bundle } from '../protocol/bundle.ts';
import type { RunRequest, RunResult, RunStatus } from '../protocol/run.ts';

export const nonceBytes = 16;
const headerBytes = 4 + 1 + nonceBytes;
const jobHeaderBytes = 8 * 4;
const fileHeaderBytes = 3 * 4;
const doneHeaderBytes = 6 * 4 + 2 * 8 + 2 * 4;
const noExitCode = 0xffffffff;
/** READY, DIRTY and FAULT carry a short text. */
const textLimitBytes = 4096;

const statusByNumber: readonly RunStatus[] = ['exited', 'signaled', 'timed-out', 'out-of-memory', 'output-limit', 'cancelled'];

const typeByCode = {
  82: 'ready',
  68: 'done',
  88: 'dirty',
  69: 'fault',
  80: 'pong',
} as const satisfies Record<number, string>;

type FrameType = (typeof typeByCode)[keyof typeof typeByCode];

export interface Frame {
  readonly type: FrameType;
  readonly nonce: Buffer;
  readonly payload: Buffer;
}

export function encodeHello(nonce: Buffer): Buffer {
  return header('H', 0, nonce);
}

export function encodePing(nonce: Buffer): Buffer {
  return header('P', 0, nonce);
}

export function encodeCancel(nonce: Buffer): Buffer {
  return header('C', 0, nonce);
}

/** For the jobs that follow; without files it empties the project's folder. */
export function encodeBundle(nonce: Buffer, bundle: Bundle | undefined): Buffer {
  const files = (bundle?.files ?? []).map(({ path, executable, content }) => ({ path: Buffer.from(path), executable, content }));
  const length = files.reduce((sum, { path, content }) => sum + fileHeaderBytes + path.length + content.length, 4);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  writeHeader(frame, 'B', length, nonce);
  let at = frame.writeUInt32LE(files.length, headerBytes);
  for (const { path, executable, content } of files) {
    for (const number of [path.length, executable ? 1 : 0, content.length]) at = frame.writeUInt32LE(number, at);
    frame.set(path, at);
    frame.set(content, at + path.length);
    at += path.length + content.length;
  }
  return frame;
}

/** One buffer, so that the job reaches the socket in one write. */
export function encodeJob(nonce: Buffer, request: RunRequest): Buffer {
  const { script, stdin, transcript, limits } = request;
  const transcriptBytes = transcript?.length ?? 0;
  const length = jobHeaderBytes + script.length + transcriptBytes + stdin.length;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  writeHeader(frame, 'J', length, nonce);
  let at = headerBytes;
  const numbers = [
    request.runtime === 'bash' ? 0 : 1,
    limits.timeoutMs,
    limits.stdoutBytes,
    limits.stderrBytes,
    script.length,
    transcriptBytes,
    transcript === undefined ? 0 : 1,
    stdin.length,
  ];
  for (const number of numbers) at = frame.writeUInt32LE(number, at);
  frame.set(script, at);
  if (transcript !== undefined) frame.set(transcript, at + script.length);
  frame.set(stdin, at + script.length + transcriptBytes);
  return frame;
}

/**
 * The facts in a DONE payload.
 * @throws SandboxError `BAD_FRAME` when the numbers contradict each other or the request.
 */
export function decodeDone(payload: Buffer, limits: { stdoutBytes: number; stderrBytes: number }): RunResult {
  if (payload.length < doneHeaderBytes) throw badFrame('DONE is too short');
  const number = (index: number) => payload.readUInt32LE(index * 4);
  const status = statusByNumber[number(0)];
  if (status === undefined) throw badFrame('DONE has an unknown status');
  const stdoutTotalBytes = readCount(payload, 24);
  const stderrTotalBytes = readCount(payload, 32);
  const stdoutKept = payload.readUInt32LE(40);
  const stderrKept = payload.readUInt32LE(44);
  if (
    doneHeaderBytes + stdoutKept + stderrKept !== payload.length ||
    stdoutKept !== Math.min(stdoutTotalBytes, limits.stdoutBytes) ||
    stderrKept !== Math.min(stderrTotalBytes, limits.stderrBytes)
  ) {
    throw badFrame('the output lengths in DONE do not add up');
  }
  const exitCode = number(1) === noExitCode ? null : number(1);
  const signal = number(2) === 0 ? null : signalName(number(2));
  if ((exitCode === null) === (signal === null)) throw badFrame('DONE needs an exit code or a signal');
  if ((exitCode ?? 0) > 255 || (status === 'exited' && exitCode === null)) throw badFrame('DONE has a bad exit code');
  const stdoutEnd = doneHeaderBytes + stdoutKept;
  return {
    status,
    exitCode,
    signal,
    oomKills: number(3),
    wallMs: number(4) / 1000,
    cpuMs: number(5) / 1000,
    stdoutTotalBytes,
    stderrTotalBytes,
    stdout: payload.subarray(doneHeaderBytes, stdoutEnd),
    stderr: payload.subarray(stdoutEnd),
  };
}

/** Cuts a byte stream into frames, whatever the chunks are. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFill = 0;
  #payload: Buffer | undefined;
  #payloadFill = 0;
  #limit = textLimitBytes;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Payload bytes that the next DONE may have: the caps of the job that runs. */
  expectOutput(bytes: number): void {
    this.#limit = Math.max(textLimitBytes, doneHeaderBytes + bytes);
  }

  /** @throws SandboxError `BAD_FRAME` on an unknown type or a length above what may come now. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === undefined) {
        const taken = chunk.copy(this.#header, this.#headerFill, at);
        at += taken;
        this.#headerFill += taken;
        if (this.#headerFill === headerBytes) this.#begin();
      } else {
        const taken = chunk.copy(this.#payload, this.#payloadFill, at);
        at += taken;
        this.#payloadFill += taken;
      }
      this.#finishIfWhole();
    }
  }

  #begin(): void {
    const length = this.#header.readUInt32LE(0);
    if (frameType(this.#header[4]) === undefined) throw badFrame('unknown frame type');
    if (length > this.#limit) throw badFrame(`frame of ${length} bytes where ${this.#limit} are the most`);
    this.#payload = Buffer.allocUnsafe(length);
    this.#payloadFill = 0;
  }

  #finishIfWhole(): void {
    const payload = this.#payload;
    const type = frameType(this.#header[4]);
    if (payload === undefined || this.#payloadFill < payload.length || type === undefined) return;
    const nonce = Buffer.from(this.#header.subarray(5));
    this.#payload = undefined;
    this.#headerFill = 0;
    this.#onFrame({ type, nonce, payload });
  }
}

function frameType(code: number | undefined): FrameType | undefined {
  return (typeByCode as Record<number, FrameType>)[code ?? -1];
}

function header(type: string, length: number, nonce: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes);
  writeHeader(frame, type, length, nonce);
  return frame;
}

function writeHeader(frame: Buffer, type: string, length: number, nonce: Buffer): void {
  frame.writeUInt32LE(length, 0);
  frame.writeUInt8(type.charCodeAt(0), 4);
  nonce.copy(frame, 5);
}

function readCount(payload: Buffer, at: number): number {
  const count = payload.readBigUInt64LE(at);
  if (count > BigInt(Number.MAX_SAFE_INTEGER)) throw badFrame('a count in DONE is out of range');
  return Number(count);
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `SIG${number}`;
}

function badFrame(what: string): SandboxError {
  return new SandboxError('BAD_FRAME', `A supervisor broke the control protocol: ${what}.`);
}
