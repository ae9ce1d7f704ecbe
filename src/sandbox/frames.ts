/**
 * The frames that the host sends; the supervisor's half is sandbox-images/supervisor/wire.h.
 * Offsets and sizes are in bytes; test/fixtures/frames.txt, which the C half writes, proves in a
 * test that both halves have the same layout. frame-reader.ts and done.ts read the answers.
 */
import type { Bundle } from '../protocol/bundle.ts';
import type { RunRequest } from '../protocol/run.ts';

export const nonceBytes = 16;
/** Offset of each field of `struct frame_header`, and the size of the whole. */
export const header = { length: 0, type: 4, nonce: 5, bytes: 5 + nonceBytes } as const;
/** `struct job_header`, a JOB's eight numbers of 32 bits. */
const jobHeaderBytes = 8 * 4;
/** The number of files in a BUNDLE, and `struct bundle_file` before each of them. */
const fileCountBytes = 4;
const fileHeaderBytes = 3 * 4;
const runtimeNumbers = { bash: 0, python3: 1, node: 2 } as const;

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
