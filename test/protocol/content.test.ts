import { afterEach, describe, expect, it, vi } from 'vitest';
import { Content } from '../../src/protocol/content.ts';
import { countDecoding } from '../support/readings.ts';
import { bytes } from './samples.ts';

const readings = vi.hoisted(() => ({ length: 0, decoded: 0, hashed: 0 }));
vi.mock('node:crypto', async (original) => {
  const { countingCrypto } = await import('../support/readings.ts');
  return countingCrypto(await original(), readings);
});
afterEach(() => vi.restoreAllMocks());

/** Of `printf abc | sha256sum`. */
const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

it('has the text and the hash of its bytes', () => {
  const raw = bytes('abc');
  expect(new Content(raw)).toMatchObject({ bytes: raw, text: 'abc', sha256: sha256OfAbc });
  expect(new Content(Buffer.from('xabcx').subarray(1, 4))).toMatchObject({
    text: 'abc',
    sha256: sha256OfAbc,
  });
});

it('keeps a byte order mark in its text', () => {
  expect(new Content(bytes('\ufeff{}')).text).toBe('\ufeff{}');
});

it('has no text where the bytes are no UTF-8, however often it is asked for, and a hash all the same', () => {
  const content = new Content(Uint8Array.of(0xff));
  expect([content.text, content.text]).toEqual([undefined, undefined]);
  expect(content.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it('makes each once, and neither before it is asked for', () => {
  const raw = bytes('{"a":"é"}');
  Object.assign(readings, { length: raw.length, decoded: 0, hashed: 0 });
  countDecoding(readings);
  const content = new Content(raw);
  expect(readings).toMatchObject({ decoded: 0, hashed: 0 });
  for (let times = 0; times < 3; times++)
    expect([content.text, content.sha256]).toEqual(['{"a":"é"}', expect.any(String)]);
  expect(readings).toMatchObject({ decoded: 1, hashed: 1 });
});

it('takes the hash that another thread has made', () => {
  const raw = bytes('abcd');
  Object.assign(readings, { length: raw.length, hashed: 0 });
  expect(new Content(raw, 'made elsewhere').sha256).toBe('made elsewhere');
  expect(readings.hashed).toBe(0);
});

describe('of bytes', () => {
  const raw = bytes('abc');
  const known = new Content(raw);

  it('is the one that is known of these very bytes', () => {
    expect(Content.of(raw, known)).toBe(known);
  });

  it.each([
    ['nothing', undefined],
    ['another one of equal bytes', new Content(bytes('abc'))],
    ['one of other bytes', new Content(bytes('x'), sha256OfAbc)],
  ])('is a new one where there is %s', (_, other) => {
    const content = Content.of(raw, other);
    expect(content).not.toBe(other);
    expect(content).toMatchObject({ bytes: raw, text: 'abc', sha256: sha256OfAbc });
  });
});
