import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import { Demux } from '../../src/sandbox/demux.ts';
import { fuzz, fuzzTimeoutMs } from '../support/fuzz.ts';
import { threadMs } from '../support/thread-time.ts';

function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function collect(chunks: readonly Buffer[]): { stdout: string; stderr: string } {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const demux = new Demux({
    stdout: (bytes) => void stdout.push(Buffer.from(bytes)),
    stderr: (bytes) => void stderr.push(Buffer.from(bytes)),
  });
  for (const chunk of chunks) demux.push(chunk);
  return {
    stdout: Buffer.concat(stdout).toString('latin1'),
    stderr: Buffer.concat(stderr).toString('latin1'),
  };
}

describe('the demuxer', () => {
  test('separates stdout from stderr at every split point', () => {
    const stream = Buffer.concat([
      frame(1, Buffer.from('abc')),
      frame(2, Buffer.from('X')),
      frame(1, Buffer.from('')),
      frame(1, Buffer.from('de')),
    ]);
    for (let split = 0; split <= stream.length; split++) {
      expect(collect([stream.subarray(0, split), stream.subarray(split)])).toEqual({
        stdout: 'abcde',
        stderr: 'X',
      });
    }
  });

  test('survives a chunk of 20,000 one-byte frames, where docker-modem overflows its stack', () => {
    const one = frame(1, Buffer.from('a'));
    const chunk = Buffer.concat(Array.from({ length: 20_000 }, () => one));
    const started = threadMs();
    expect(collect([chunk]).stdout).toHaveLength(20_000);
    expect(threadMs() - started).toBeLessThan(500);
  });

  test.each([
    ['an unknown stream', Buffer.from([3, 0, 0, 0, 0, 0, 0, 1, 65])],
    ['stdin as a source', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 65])],
    ['padding that is not zero', Buffer.from([1, 0, 1, 0, 0, 0, 0, 1, 65])],
    ['text that was never multiplexed', Buffer.from('hello, world')],
  ])('refuses %s', (_, bytes) => {
    expect(() => collect([bytes])).toThrow(SandboxError);
  });

  test(
    'gives back what went in, whatever the frames and chunks',
    () => {
      const part = fc.record({
        stream: fc.constantFrom(1, 2),
        payload: fc.uint8Array({ maxLength: 40 }),
      });
      fc.assert(
        fc.property(
          fc.array(part, { maxLength: 20 }),
          fc.array(fc.nat(400), { maxLength: 10 }),
          (parts, cuts) => {
            const stream = Buffer.concat(
              parts.map(({ stream: number, payload }) => frame(number, payload)),
            );
            const edges = [
              0,
              ...cuts.map((cut) => Math.min(cut, stream.length)).toSorted((a, b) => a - b),
              stream.length,
            ];
            const chunks = edges.slice(1).map((end, index) => stream.subarray(edges[index], end));
            const wanted = (number: number) =>
              Buffer.concat(
                parts.filter((one) => one.stream === number).map((one) => one.payload),
              ).toString('latin1');
            const { stdout, stderr } = collect(chunks);
            return stdout === wanted(1) && stderr === wanted(2);
          },
        ),
        fuzz,
      );
    },
    fuzzTimeoutMs,
  );
});
