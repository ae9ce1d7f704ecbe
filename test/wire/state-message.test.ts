import { describe, expect, test } from 'vitest';
import {
  decodePack,
  encodePack,
  leftStateSchema,
  packSchema,
  readLeftState,
  toLeftStateMessage,
} from '../../src/wire/state-message.ts';
import { packOf } from '../support/state-packs.ts';

const pack = packOf([{ path: 'a', content: Buffer.from([0, 255, 10]) }]);

test('a pack is the same behind the queue', () => {
  const inside = Buffer.concat([Buffer.alloc(9), pack]).subarray(9);
  expect(Buffer.from(decodePack(packSchema.parse(encodePack(inside))))).toEqual(pack);
  expect(decodePack(encodePack(new Uint8Array(0)))).toHaveLength(0);
});

test('a pack that cannot be written is no job', () => {
  const bad = encodePack(packOf([{ path: '../x', content: '' }]));
  expect(() => decodePack(bad)).toThrow(
    expect.objectContaining({
      code: 'INVALID_JOB',
      message: expect.stringContaining('stateBase64: the state has a path that leads out'),
    }),
  );
  expect(packSchema.safeParse('A'.repeat(349_532)).success).toBe(false);
  expect(packSchema.safeParse('no base64!').success).toBe(false);
});

describe('what a run left', () => {
  test.each([
    { pack, leftOut: 2 },
    { pack: new Uint8Array(0), leftOut: 0 },
    { pack: undefined, refusal: 'too-deep', leftOut: 0 } as const,
  ])('is the same behind the queue: %#', (left) => {
    const message = JSON.parse(JSON.stringify(toLeftStateMessage(left)));
    const { pack: read, ...rest } = readLeftState(leftStateSchema.parse(message));
    expect({ ...rest, pack: read && Buffer.from(read) }).toEqual({
      ...left,
      pack: left.pack && Buffer.from(left.pack),
    });
  });

  test('is not kept where it cannot be written', () => {
    const packBase64 = encodePack(packOf([{ path: '/x', content: '' }]));
    expect(readLeftState({ packBase64, leftOut: 1 })).toEqual({
      pack: undefined,
      refusal: 'unreadable',
      leftOut: 1,
    });
  });
});
