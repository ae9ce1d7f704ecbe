import { expect, it } from 'vitest';
import { compileTextPattern } from '../../../src/cli/hook-tests/text-pattern.ts';

it.each([
  ['rm -rf', 'no rm -rf here', true],
  ['RM', 'rm', false],
  ['a.c', 'abc', false],
  ['/a.c/', 'abc', true],
  ['/RM/i', 'rm', true],
  ['/^b$/m', 'a\nb', true],
  ['/a.b/', 'a\nb', false],
  ['/a.b/s', 'a\nb', true],
  ['/^\\p{L}$/u', 'é', true],
  ['/srv/data/', 'files of /srv/data/x', true],
  ['/etc', 'see /etc/passwd', true],
  ['/', 'a/b', true],
  ['//', 'http://', true],
  ['/g/g', 'x/g/g', true],
])('%s and %j: %s', (pattern, text, matches) => {
  expect(compileTextPattern(pattern)(text)).toBe(matches);
});

it('answers the same when it is asked again', () => {
  const matches = compileTextPattern('/a/i');
  expect([matches('A'), matches('A'), matches('b')]).toEqual([true, true, false]);
});

it('an expression that cannot be compiled is refused by its text', () => {
  expect(() => compileTextPattern('/(/')).toThrow(
    /^"\/\(\/" is not a regular expression: Unterminated group\.$/,
  );
});

it('what is not supported is refused by its name, and too much work when it is met', () => {
  expect(() => compileTextPattern('/(a)\\1/')).toThrow(/has the back-reference \\1/);
  const pattern = compileTextPattern('/(?:a?){450}[ab]{450}c/');
  expect(() => pattern('a'.repeat(100_000))).toThrow(
    /takes too many steps in a text of 100000 characters: make it simpler/,
  );
});
