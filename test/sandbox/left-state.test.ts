import { describe, expect, test } from 'vitest';
import { leftState, maxStateFrameBytes } from '../../src/sandbox/left-state.ts';
import { packOf } from '../support/state-packs.ts';
import { statePayload } from '../support/supervisor-frames.ts';

const pack = packOf([{ path: 'a', content: 'x' }]);
const bad = expect.objectContaining({ code: 'BAD_FRAME' });

test('what a run left, or why it is not kept', () => {
  expect(leftState(true, 'exited', statePayload({ pack, leftOut: 2 }))).toEqual({
    pack,
    leftOut: 2,
  });
  const refusals = [1, 2, 3, 4].map((outcome) =>
    leftState(true, 'exited', statePayload({ outcome })),
  );
  expect(refusals.map((left) => [left?.pack, left?.refusal])).toEqual([
    [undefined, 'too-large'],
    [undefined, 'too-many'],
    [undefined, 'too-deep'],
    [undefined, 'unreadable'],
  ]);
});

test('a job without a state, and one that did not exit, have none', () => {
  expect(leftState(false, 'exited', undefined)).toBeUndefined();
  expect(leftState(true, 'timed-out', undefined)).toBeUndefined();
});

describe('a bad frame is', () => {
  test.each([
    ['no STATE of a run that exited', true, 'exited', undefined],
    ['a STATE that nobody asked for', false, 'exited', statePayload({})],
    ['a STATE of a run that did not exit', true, 'signaled', statePayload({})],
    ['one without a header', true, 'exited', Buffer.alloc(7)],
    ['an unknown outcome', true, 'exited', statePayload({ outcome: 5 })],
    ['a refusal with entries', true, 'exited', statePayload({ outcome: 1, pack })],
    ['a count out of range', true, 'exited', statePayload({ leftOut: 257 })],
    [
      'a pack that cannot be written',
      true,
      'exited',
      statePayload({ pack: packOf([{ path: '../x', content: '' }]) }),
    ],
    ['a part of an entry', true, 'exited', statePayload({ pack: pack.subarray(1) })],
  ] as const)('%s', (_, hasState, status, payload) => {
    expect(() => leftState(hasState, status, payload)).toThrow(bad);
  });
});

test('the largest frame holds the largest pack', () => {
  expect(maxStateFrameBytes).toBe((256 << 10) + 8);
});
