import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenced, plainBytes, plainData, plainReason } from '../../src/protocol/fence.ts';

describe('data of a judge', () => {
  it.each([
    ['{"a":"<b>&"}', '{"a":"\\u003cb\\u003e\\u0026"}'],
    ['{\n\t"a": 1,\r\n"b":2}', '{ "a": 1, "b":2}'],
    [
      '"\u202e\u200b\u2028\u2029\ufeff\u00ad\u00a0\u3000"',
      '"\\u202e\\u200b\\u2028\\u2029\\ufeff\\u00ad\\u00a0\\u3000"',
    ],
    ['"\u{e0041}\ufe0f\u{e0100}\u3164"', '"\\udb40\\udc41\\ufe0f\\udb40\\udd00\\u3164"'],
    ['"\ud800"', '"\\ud800"'],
    ['"Straße 東京 😀 12345678901234567890"', '"Straße 東京 😀 12345678901234567890"'],
  ])('%j is shown as %j', (json, shown) => {
    expect(plainData(json)).toBe(shown);
  });

  it('stays the same JSON, and no character of it can end its block', () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
        const mark = '0'.repeat(32);
        for (const one of [json, JSON.stringify({ [text]: text })]) {
          const block = fenced({ name: 'INPUT', json: one }, mark);
          const lines = block.split('\n');
          expect(lines).toHaveLength(3);
          expect(JSON.parse(String(lines[1]))).toEqual(JSON.parse(one));
          expect(lines[1]).not.toMatch(/[<>&\p{C}\p{Zl}\p{Zp}]/u);
          expect(plainBytes(one, Infinity)).toBe(Buffer.byteLength(String(lines[1])));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the size of data as it is shown', () => {
  it('is at most what is counted, where lines are joined', () => {
    const json = '{\r\n\t"a": "<"}';
    expect(plainBytes(json, Infinity)).toBe(13 + 5);
    expect(Buffer.byteLength(plainData(json))).toBe(11 + 5);
  });

  it('is counted no further than asked for', () => {
    expect(plainBytes('"<<<<"', 10)).toBe(11);
  });
});

describe('a reason of a judge', () => {
  it('is cut to 2,000 characters, not inside of one', () => {
    expect(plainReason('a'.repeat(2_000))).toHaveLength(2_000);
    expect(plainReason('a'.repeat(2_001))).toBe(`${'a'.repeat(1_999)}…`);
    expect(plainReason(`${'a'.repeat(1_998)}😀😀`)).toBe(`${'a'.repeat(1_998)}…`);
  });

  it('shows characters that cannot be seen as escapes, and keeps lines', () => {
    expect(plainReason(' a\n\tb\u202e\u001b[31m\u{e0041} ')).toBe(
      'a\n\tb\\u202e\\u001b[31m\\udb40\\udc41',
    );
  });
});
