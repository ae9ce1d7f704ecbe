import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject, jsonDepth, ownProperty } from '../../src/protocol/json.ts';

it.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [1, false],
  [true, false],
])('%j is a JSON object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

it.each([
  [{ a: 1 }, 'a', 1],
  [{ a: null }, 'a', null],
  [{ a: 1 }, 'b', undefined],
  [{}, 'constructor', undefined],
  [{}, '__proto__', undefined],
  [JSON.parse('{"__proto__":7}'), '__proto__', 7],
  [[5], '0', undefined],
  ['text', 'length', undefined],
  [null, 'a', undefined],
  [undefined, 'a', undefined],
])('of %j the property %s is %j', (value: unknown, key, expected) => {
  expect(ownProperty(value, key)).toEqual(expected);
});

it.each([
  ['', 0],
  ['1', 0],
  ['"[[["', 0],
  ['{}', 1],
  ['[]', 1],
  ['[[]]', 2],
  ['{"a":[{}]}', 3],
  ['[[],[]]', 2],
  ['["[",[]]', 2],
  ['["\\"[[",[]]', 2],
  ['["\\\\",[[]]]', 3],
  ['["\\\\\\"[",[]]', 2],
  ['["never closed [[[', 1],
  ['["ends in a backslash \\', 1],
  [']]]]{', 0],
  ['[[[', 3],
])('the depth of %s is %i', (text, depth) => {
  expect(jsonDepth(text)).toBe(depth);
});

it('a megabyte of brackets is measured without overflowing the stack', () => {
  expect(jsonDepth('['.repeat(1 << 20))).toBe(1 << 20);
});

it('a megabyte of escapes in one string is measured as one string', () => {
  expect(jsonDepth(`["${'\\"['.repeat(1 << 18)}"]`)).toBe(1);
});

it('the depth of any JSON text is that of its value, compact or indented', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
      expect(jsonDepth(JSON.stringify(value, null, indent))).toBe(depthOf(value));
    }),
    { seed: 20_261_121, numRuns: 500 },
  );
});

it('the depth of any string is 0, whatever is in it', () => {
  const nasty = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a', '\n', 'é') });
  fc.assert(
    fc.property(nasty, (text) => {
      expect(jsonDepth(JSON.stringify(text))).toBe(0);
      expect(jsonDepth(JSON.stringify([text, { [text]: [text] }]))).toBe(3);
    }),
    { seed: 20_261_121, numRuns: 500 },
  );
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
