import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import {
  decodeDone,
  encodeBundle,
  encodeJob,
  type Frame,
  FrameReader,
  nonceBytes,
} from '../../src/sandbox/frames.ts';
import { fuzz, fuzzTimeoutMs } from '../support/fuzz.ts';
import { bundleOf } from '../support/script.ts';
import { type DoneFields, donePayload, supervisorFrame } from '../support/supervisor-frames.ts';

const nonce = Buffer.alloc(nonceBytes, 7);
const limits = { stdoutBytes: 100, stderrBytes: 10 };
const noExitCode = 0xffffffff;

function read(chunks: readonly Buffer[], expected = 110): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => void frames.push(frame));
  reader.expectOutput(expected);
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

describe('the frame reader', () => {
  test('finds the same frames at every split point', () => {
    const stream = Buffer.concat([
      supervisorFrame('R', nonce, Buffer.from('version=1\n')),
      supervisorFrame('P', nonce),
      supervisorFrame('D', nonce, donePayload({ stdout: '{}' })),
    ]);
    for (let split = 0; split <= stream.length; split++) {
      const frames = read([stream.subarray(0, split), stream.subarray(split)]);
      expect(frames.map((frame) => frame.type)).toEqual(['ready', 'pong', 'done']);
      expect(frames.every((frame) => frame.nonce.equals(nonce))).toBe(true);
      expect(frames[0]?.payload.toString()).toBe('version=1\n');
    }
  });

  test.each([
    ['an unknown type', supervisorFrame('Z', nonce)],
    ['a type of the host', supervisorFrame('J', nonce)],
    ['more payload than a job may print', supervisorFrame('D', nonce, Buffer.alloc(5000))],
    ['a length that lies', Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 68]), nonce])],
  ])('refuses %s before storing it', (_, bytes) => {
    expect(() => read([bytes], 100)).toThrow(SandboxError);
  });

  test(
    'never throws anything but BAD_FRAME on arbitrary bytes, at arbitrary splits',
    () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
          try {
            read(chunks.map((chunk) => Buffer.from(chunk)));
          } catch (error) {
            expect(error).toMatchObject({ code: 'BAD_FRAME' });
          }
        }),
        fuzz,
      );
    },
    fuzzTimeoutMs,
  );
});

describe('a DONE payload', () => {
  test('becomes the facts of the run', () => {
    const result = decodeDone(donePayload({ exitCode: 2, stdout: 'out', stderr: 'err' }), limits);
    expect(result).toMatchObject({
      status: 'exited',
      exitCode: 2,
      signal: null,
      wallMs: 1.5,
      cpuMs: 0.9,
      oomKills: 0,
    });
    expect(Buffer.from(result.stdout).toString()).toBe('out');
    expect(Buffer.from(result.stderr).toString()).toBe('err');
  });

  test.each<[string, DoneFields, object]>([
    [
      'a signal, never exit code 0',
      { status: 1, exitCode: noExitCode, signal: 9 },
      { status: 'signaled', exitCode: null, signal: 'SIGKILL' },
    ],
    [
      'a real-time signal by its number',
      { status: 1, exitCode: noExitCode, signal: 40 },
      { signal: 'SIG40' },
    ],
    ['a timeout', { status: 2, exitCode: noExitCode, signal: 9 }, { status: 'timed-out' }],
    [
      'an OOM kill of a child beside the exit code',
      { status: 3, exitCode: 0, oomKills: 1 },
      { status: 'out-of-memory', exitCode: 0, oomKills: 1 },
    ],
    [
      'cut output with its real size',
      { stdout: 'x'.repeat(100), stdoutTotal: 5000 },
      { stdoutTotalBytes: 5000 },
    ],
  ])('tells %s', (_, fields, expected) => {
    expect(decodeDone(donePayload(fields), limits)).toMatchObject(expected);
  });

  test.each<[string, Buffer]>([
    ['too short', Buffer.alloc(47)],
    ['of an unknown status', donePayload({ status: 99 })],
    ['with neither exit code nor signal', donePayload({ status: 1, exitCode: noExitCode })],
    ['with both exit code and signal', donePayload({ exitCode: 0, signal: 9 })],
    ['exited without an exit code', donePayload({ status: 0, exitCode: noExitCode, signal: 9 })],
    ['with an exit code above 255', donePayload({ exitCode: 256 })],
    ['with more output than the cap', donePayload({ stdout: 'x'.repeat(101) })],
    ['that hides output', donePayload({ stdout: 'x', stdoutTotal: 50 })],
    ['that claims less output than it carries', donePayload({ stdout: 'xx', stdoutTotal: 1 })],
    ['with bytes left over', Buffer.concat([donePayload(), Buffer.from('x')])],
    ['with a count beyond what a number holds', donePayload({ stdoutTotal: 2 ** 60 })],
  ])('is refused when it is %s', (_, payload) => {
    expect(() => decodeDone(payload, limits)).toThrow(SandboxError);
  });
});

test('a job is one frame with script, transcript and context in this order', () => {
  const request = {
    runtime: 'python3',
    script: Buffer.from('S1'),
    stdin: Buffer.from('C123'),
    transcript: Buffer.from('T'),
    limits: defaultRunLimits,
  } as const;
  const frame = encodeJob(nonce, request);
  expect(frame.readUInt32LE(0)).toBe(frame.length - 21);
  expect(frame.subarray(21 + 32).toString()).toBe('S1TC123');
  const numbers = Array.from({ length: 8 }, (_, index) => frame.readUInt32LE(21 + index * 4));
  expect(numbers).toEqual([1, 30_000, 1 << 20, 64 << 10, 2, 1, 1, 4]);
});

describe('a bundle', () => {
  test('is one frame: a count, then path, mode and content of each file', () => {
    const bundle = bundleOf({ 'b/x.sh': 'exit 2', é: '' });
    const frame = encodeBundle(nonce, bundle);
    expect(frame.readUInt32LE(0)).toBe(frame.length - 21);
    expect(frame.subarray(4, 21)).toEqual(Buffer.concat([Buffer.from('B'), nonce]));
    const numbers = (...values: number[]) =>
      Buffer.concat(values.map((value) => Buffer.from([value, 0, 0, 0])));
    const files = [
      numbers(2, 6, 1, 6),
      Buffer.from('b/x.shexit 2'),
      numbers(2, 0, 0),
      Buffer.from('é'),
    ];
    expect(frame.subarray(21)).toEqual(Buffer.concat(files));
  });

  test('without files empties the folder', () => {
    expect(encodeBundle(nonce, undefined).subarray(21)).toEqual(Buffer.alloc(4));
  });
});
