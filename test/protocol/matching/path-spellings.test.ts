import { expect, it } from 'vitest';
import { readingsOf, rooted, slashed } from '../../../src/protocol/matching/path-spellings.ts';

it.each([
  ['~', '~/'],
  ['C:\\a\\**', '//c/a/**'],
  ['C:/a/\\[b]', '//c/a/\\[b]'],
  ['//C:/a', '//c/a'],
  ['src/C:/a', 'src/C:/a'],
])('the pattern %s starts as %s', (pattern, expected) => {
  expect(rooted(pattern)).toBe(expected);
});

it.each([
  ['a/b', '/p', [['a/b', '/p']]],
  ['a/b', undefined, [['a/b', undefined]]],
  [
    'a\\b',
    '/p',
    [
      ['a\\b', '/p'],
      ['a/b', '/p'],
    ],
  ],
])('the path %s in %s has these readings: %j', (path, cwd, expected) => {
  expect(readingsOf(path, cwd)).toEqual(expected);
});

it.each([
  ['C:\\Users', '/c/Users'],
  ['/a\\b', '/a\\b'],
])('the path %s is %s for Unix', (path, expected) => {
  expect(slashed(path)).toBe(expected);
});
