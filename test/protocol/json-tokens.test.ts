import { expect, it } from 'vitest';
import { endOfString, endOfValue, nameAt, skipBlanks } from '../../src/protocol/json-tokens.ts';

it.each([
  ['{"a": "}"} x', 0, 10],
  ['[[1], "]"], 2', 0, 10],
  ['x "a\\"b" y', 2, 8],
  ['[12.5e+3, 1]', 1, 8],
  ['[null]', 1, 5],
])('the value in %s that begins at %i ends before %i', (text, start, end) => {
  expect(endOfValue(text, start)).toBe(end);
});

it.each(['', '{"a": 1', '[[1]', '"a', '"a\\"', ','])('a value in %j does not end', (text) => {
  expect(endOfValue(text, 0)).toBe(-1);
});

it('a string ends at its first quote that no backslash escapes, near or far', () => {
  for (const inside of ['', 'a', '\\"', 'a'.repeat(100), `${'a'.repeat(100)}\\"b`]) {
    expect(endOfString(`"${inside}" "`, 0), inside).toBe(inside.length + 2);
  }
});

it('a name with a broken escape is its own text', () => {
  expect(nameAt('"a\\u0062"', 0, 9)).toBe('ab');
  expect(nameAt('"a\\x62"', 0, 7)).toBe('a\\x62');
});

it('only the four characters that JSON calls whitespace are blanks', () => {
  expect(skipBlanks(' \t\r\n1', 0)).toBe(4);
  expect(skipBlanks('\u00a01', 0)).toBe(0);
});
