import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import { type Frame, FrameReader } from '../../src/sandbox/frame-reader.ts';
import { nonceBytes } from '../../src/sandbox/frames.ts';
import { fuzz, fuzzTimeoutMs } from '../support/fuzz.ts';
import { donePayload, supervisorFrame } from '../support/supervisor-frames.ts';

const nonce = Buffer.alloc(nonceBytes, 7);

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
      supervisorFrame('R', nonce, Buffer.from('version=3\n')),
      supervisorFrame('P', nonce),
      supervisorFrame('D', nonce, donePayload({ stdout: '{}' })),
    ]);
    for (let split = 0; split <= stream.length; split++) {
      const frames = read([stream.subarray(0, split), stream.subarray(split)]);
      expect(frames.map((frame) => frame.type)).toEqual(['ready', 'pong', 'done']);
      expect(frames.every((frame) => frame.nonce.equals(nonce))).toBe(true);
      expect(frames[0]?.payload.toString()).toBe('version=3\n');
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
