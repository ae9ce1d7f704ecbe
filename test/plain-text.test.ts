import { expect, test } from 'vitest';
import { plainJson, plainText } from '../src/plain-text.ts';

test.each([
  ['plain é😀\tx\ny', 'plain é😀\tx\ny'],
  ['\u001b]0;title\u0007', '␛]0;title␇'],
  ['a\r\nb\rc', 'a\nb␍c'],
  ['\u0000\u007f\u009b', '␀␡\ufffd'],
  ['\u202eabc\u2066\u2028\u2029\u061c\u200f', '\ufffdabc\ufffd\ufffd\ufffd\ufffd\ufffd'],
])('%j is shown as %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test('JSON keeps its value, and has no character that a terminal obeys', () => {
  const value = { 'a\u001b': 'b\u009b\u007f\u2028\u202e\n\té😀', c: [1] };
  const json = plainJson(JSON.stringify(value));
  expect(JSON.parse(json)).toEqual(value);
  expect(plainText(json)).toBe(json);
  expect(json).toContain('é😀');
});
