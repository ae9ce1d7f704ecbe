/**
 * The host's half of the control channel; the supervisor's half is
 * sandbox-images/supervisor/wire.h. Input is treated as hostile: lengths are checked before
 * anything is stored, and any mismatch is a `BAD_FRAME`. Offsets and sizes are in bytes;
 * test/fixtures/frames.txt, which the C half writes, proves in a test that both halves have the
 * same layout.
 */
import { constants } from 'node:os';
import { SandboxError } from '../errors.ts';
import type { Bundle } from '../protocol/bundle.ts';
import type { RunRequest, RunResult, RunStatus } from '../protocol/run.ts';

export const nonceBytes = 16;
/** Offset of each field of `struct frame_header`, and the size of the whole. */
const header = { length: 0, type: 4, nonce: 5, bytes: 5 + nonceBytes } as const;
/** `struct job_header`, a JOB's eight numbers of 32 bits. */
const jobHeaderBytes = 8 * 4;
/** The number of files in a BUNDLE, and `struct bundle_file` before each of them. */
const fileCountBytes = 4;
const fileHeaderBytes = 3 * 4;
/** `struct done_header`: the totals have 64 bits, all others 32. */
const done = {
  status: 0,
  exitCode: 4,
  signal: 8,
  oomKills: 12,
  wallUs: 16,
  cpuUs: 20,
  stdoutTotal: 24,
  stderrTotal: 32,
  stdoutKept: 40,
  stderrKept: 44,
  bytes: 48,
} as const;
const noExitCode = 0xffffffff;
const maxExitCode = 255;
const runtimeNumbers = { bash: 0, python3: 1 } as const;
/** READY, DIRTY and FAULT carry a short text. */
const textLimitBytes = 4096;

const statusByNumber: readonly RunStatus[] = [
  'exited',
  'signaled',
  'timed-out',
  'out-of-memory',
  'output-limit',
  'cancelled',
];

/** The types of frames that the supervisor sends, by their letters in wire.h. */
const typeByLetter = {
  R: 'ready',
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

export function encodeHello(nonce: Buffer): Buffer {
  return emptyFrame('H', nonce);
}

export function encodePing(nonce: Buffer): Buffer {
  return emptyFrame('P', nonce);
}

export function encodeCancel(nonce: Buffer): Buffer {
  return emptyFrame('C', nonce);
}

/**
 * Encodes the files for the jobs that follow; without files the frame empties the project's folder.
 */
export function encodeBundle(nonce: Buffer, bundle: Bundle | undefined): Buffer {
  const files = (bundle?.files ?? []).map(({ path, executable, content }) => ({
    path: Buffer.from(path),
    executable,
    content,
  }));
  const length = files.reduce(
    (sum, { path, content }) => sum + fileHeaderBytes + path.length + content.length,
    fileCountBytes,
  );
  const frame = Buffer.allocUnsafe(header.bytes + length);
  writeHeader(frame, 'B', length, nonce);
  let at = frame.writeUInt32LE(files.length, header.bytes);
  for (const { path, executable, content } of files) {
    for (const number of [path.length, executable ? 1 : 0, content.length])
      at = frame.writeUInt32LE(number, at);
    frame.set(path, at);
    frame.set(content, at + path.length);
    at += path.length + content.length;
  }
  return frame;
}

/** Encodes a job in one buffer, so that it reaches the socket in one write. */
export function encodeJob(nonce: Buffer, request: RunRequest): Buffer {
  const { script, stdin, transcript, limits } = request;
  const transcriptBytes = transcript?.length ?? 0;
  const length = jobHeaderBytes + script.length + transcriptBytes + stdin.length;
  const frame = Buffer.allocUnsafe(header.bytes + length);
  writeHeader(frame, 'J', length, nonce);
  let at = header.bytes;
  const numbers = [
    runtimeNumbers[request.runtime],
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
 * Decodes the facts in a DONE payload.
 * @throws SandboxError `BAD_FRAME` when the numbers contradict each other or the request.
 */
export function decodeDone(
  payload: Buffer,
  limits: { stdoutBytes: number; stderrBytes: number },
): RunResult {
  if (payload.length < done.bytes) throw badFrame('DONE is too short');
  const numberAt = (offset: number) => payload.readUInt32LE(offset);
  const status = statusByNumber[numberAt(done.status)];
  if (status === undefined) throw badFrame('DONE has an unknown status');
  const stdoutTotalBytes = readCount(payload, done.stdoutTotal);
  const stderrTotalBytes = readCount(payload, done.stderrTotal);
  const stdoutKept = numberAt(done.stdoutKept);
  const stderrKept = numberAt(done.stderrKept);
  if (
    done.bytes + stdoutKept + stderrKept !== payload.length ||
    stdoutKept !== Math.min(stdoutTotalBytes, limits.stdoutBytes) ||
    stderrKept !== Math.min(stderrTotalBytes, limits.stderrBytes)
  ) {
    throw badFrame('the output lengths in DONE do not add up');
  }
  const exitCode = numberAt(done.exitCode) === noExitCode ? null : numberAt(done.exitCode);
  const signal = numberAt(done.signal) === 0 ? null : signalName(numberAt(done.signal));
  if ((exitCode === null) === (signal === null))
    throw badFrame('DONE needs an exit code or a signal');
  if ((exitCode ?? 0) > maxExitCode || (status === 'exited' && exitCode === null))
    throw badFrame('DONE has a bad exit code');
  const stdoutEnd = done.bytes + stdoutKept;
  return {
    status,
    exitCode,
    signal,
    oomKills: numberAt(done.oomKills),
    wallMs: numberAt(done.wallUs) / 1000,
    cpuMs: numberAt(done.cpuUs) / 1000,
    stdoutTotalBytes,
    stderrTotalBytes,
    stdout: payload.subarray(done.bytes, stdoutEnd),
    stderr: payload.subarray(stdoutEnd),
  };
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

  /** Sets the payload bytes that the next DONE may have: the output limits of the running job. */
  expectOutput(bytes: number): void {
    this.#limit = Math.max(textLimitBytes, done.bytes + bytes);
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

function emptyFrame(type: string, nonce: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(header.bytes);
  writeHeader(frame, type, 0, nonce);
  return frame;
}

function writeHeader(frame: Buffer, type: string, length: number, nonce: Buffer): void {
  frame.writeUInt32LE(length, header.length);
  frame.writeUInt8(type.charCodeAt(0), header.type);
  nonce.copy(frame, header.nonce);
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
