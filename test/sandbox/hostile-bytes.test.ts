/** The way of a supervisor's bytes to a decision, with bytes that no supervisor of ours sends. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { HookpoolError } from '../../src/errors.ts';
import { parseOutput } from '../../src/protocol/verdict/read-output.ts';
import { Demux } from '../../src/sandbox/demux.ts';
import { decodeDone } from '../../src/sandbox/done.ts';
import { FrameReader } from '../../src/sandbox/frame-reader.ts';
import { fuzz, fuzzTimeoutMs } from '../support/fuzz.ts';
import { donePayload, multiplexed, supervisorFrame } from '../support/supervisor-frames.ts';

const limits = { stdoutBytes: 64, stderrBytes: 16 };

/** Frame types with their payloads, then the code of the error that ended it, if one did. */
function readAll(chunks: readonly Uint8Array[]): string[] {
  const seen: string[] = [];
  const reader = new FrameReader(({ type, payload }) => {
    seen.push(`${type}:${payload.toString('hex')}`);
    if (type !== 'done') return;
    const { stdout, stderr } = decodeDone(payload, limits);
    if (stdout.length > limits.stdoutBytes || stderr.length > limits.stderrBytes)
      throw new RangeError('More is kept than the limits.');
    parseOutput(azure, stdout);
  });
  reader.expectOutput(limits.stdoutBytes + limits.stderrBytes);
  const demux = new Demux({ stdout: (bytes) => reader.push(bytes), stderr: () => undefined });
  try {
    for (const chunk of chunks) demux.push(Buffer.from(chunk));
  } catch (error) {
    if (!(error instanceof HookpoolError)) throw error;
    seen.push(error.code);
  }
  return seen;
}

const nonce = fc.uint8Array({ minLength: 16, maxLength: 16 });
const done = fc
  .record({
    exitCode: fc.integer({ min: 0, max: 300 }),
    status: fc.integer({ min: 0, max: 7 }),
    stdout: fc.string({ maxLength: 70 }),
  })
  .map((fields) => donePayload(fields));
const payload = fc.oneof(done, fc.uint8Array({ maxLength: 80 }));
const frame = fc
  .tuple(fc.constantFrom('R', 'D', 'X', 'E', 'P', 'J', '\0'), nonce, payload)
  .map(([type, number, bytes]) => supervisorFrame(type, number, bytes));
/** What a supervisor could send, some of it on stderr, then damaged in some places. */
const stream = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 1, 1, 2), frame), { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
  )
  .map(([parts, damage]) => {
    const bytes = Buffer.concat(parts.map(([number, one]) => multiplexed(number, one)));
    for (const [at, value] of damage) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

describe('bytes from a sandbox', () => {
  test(
    'mean the same at every split, and never end in anything but frames or one of our own errors',
    () => {
      const input = fc.tuple(
        fc.oneof(stream, fc.uint8Array({ maxLength: 200 })),
        fc.array(fc.nat(), { maxLength: 6 }),
      );
      fc.assert(
        fc.property(input, ([bytes, cuts]) => {
          const edges = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other),
            bytes.length,
          ];
          const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
          return readAll(chunks).join() === readAll([bytes]).join();
        }),
        fuzz,
      );
    },
    fuzzTimeoutMs,
  );

  test(
    'mean the same byte by byte',
    () => {
      fc.assert(
        fc.property(stream, (bytes) => {
          const one = [...bytes].map((byte) => Buffer.from([byte]));
          return readAll(one).join() === readAll([bytes]).join();
        }),
        { ...fuzz, numRuns: Math.ceil(fuzz.numRuns / 10) },
      );
    },
    fuzzTimeoutMs,
  );
});
