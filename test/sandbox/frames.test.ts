import { describe, expect, test } from 'vitest';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import { encodeBundle, encodeJob, nonceBytes } from '../../src/sandbox/frames.ts';
import { bundleOf } from '../support/script.ts';

const nonce = Buffer.alloc(nonceBytes, 7);

test('a job is one frame with script, transcript, state and context in this order', () => {
  const request = {
    runtime: 'python3',
    script: Buffer.from('S1'),
    stdin: Buffer.from('C123'),
    transcript: Buffer.from('T'),
    state: Buffer.from('PACK!'),
    limits: defaultRunLimits,
  } as const;
  const frame = encodeJob(nonce, request);
  expect(frame.readUInt32LE(0)).toBe(frame.length - 21);
  expect(frame.subarray(21 + 40).toString()).toBe('S1TPACK!C123');
  const numbers = Array.from({ length: 10 }, (_, index) => frame.readUInt32LE(21 + index * 4));
  expect(numbers).toEqual([1, 30_000, 1 << 20, 64 << 10, 2, 1, 1, 4, 5, 1]);
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
