import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../src/protocol/json.ts';
import { setMembers } from '../../../src/protocol/verdict/json-edit.ts';

describe('setMembers', () => {
  test.each<[string, string[], Record<string, unknown>, string]>([
    ['{}', [], { a: 1 }, '{"a":1}'],
    [' { } ', [], { a: 1, b: [2] }, ' {"a":1,"b":[2] } '],
    ['{"a": 1}', [], { a: 'x' }, '{"a": "x"}'],
    ['{"a": 1 , "n": 9007199254740993}', [], { a: null }, '{"a": null , "n": 9007199254740993}'],
    ['{"a": 1 }', [], { b: 2 }, '{"a": 1,"b":2 }'],
    ['{"\\u0061":1,"b":2,"a":3}', [], { a: 0 }, '{"\\u0061":0,"b":2,"a":0}'],
    [
      '{"a":{"x":1,"y":2.50},"b":1e400}',
      ['a'],
      { x: 9, z: 8 },
      '{"a":{"x":9,"y":2.50,"z":8},"b":1e400}',
    ],
    ['{"a":5}', ['a'], { x: 1 }, '{"a":{"x":1}}'],
    ['{"b":5}', ['a', 'c'], { x: 1 }, '{"b":5,"a":{"c":{"x":1}}}'],
    ['{"a":1}', [], {}, '{"a":1}'],
    ['{"a":1}', [], JSON.parse('{"__proto__":2}'), '{"a":1,"__proto__":2}'],
    ['[1]', [], { a: 1 }, '[1]'],
    ['', [], { a: 1 }, ''],
  ])('of %s at %j to %j is %s', (text, path, patch, expected) => {
    expect(setMembers(text, path, patch)).toBe(expected);
  });

  test('does what a merge of the parsed objects does', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, object, fc.constantFrom(undefined, 2), (before, patch, indent) => {
        const text = setMembers(JSON.stringify({ in: before }, null, indent), ['in'], patch);
        const expected = JSON.stringify({ in: { ...before, ...patch } });
        expect(JSON.parse(text)).toEqual(JSON.parse(expected));
        expect(isJsonObject(JSON.parse(text))).toBe(true);
      }),
    );
  });
});
