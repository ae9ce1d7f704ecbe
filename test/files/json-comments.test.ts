import { expect, it } from 'vitest';
import { withoutComments } from '../../src/files/json-comments.ts';

it('comments become blanks of the same length, lines stay lines', () => {
  expect(withoutComments('{ // a\n"b": /* c\nd */ 1, }')).toBe('{     \n"b":     \n     1, }');
});

it('a comment may be the end of the text', () => {
  expect(withoutComments('{"a":1} // b')).toBe('{"a":1}     ');
});

it.each([
  '{"a": 1 /* b}',
  '{"a": 1 / 2}',
  '{"a": "// b}',
  '{"a": "b\\"} // c',
  '{a: http://x/y}',
  'a: // b',
  '// hooks',
  `${'['.repeat(100)} // a`,
  `{"a": ${'['.repeat(100)} // a`,
  '',
])('%j stays as it is', (text) => {
  expect(withoutComments(text)).toBe(text);
});
