import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileWildcard } from '../../../../src/protocol/matching/patterns/wildcard.ts';
import { bestMs, longMs } from './growth.ts';

it.each([
  ['', '', true],
  ['', 'a', false],
  ['a', 'a', true],
  ['*', '', true],
  ['a*', 'a\nb', true],
  ['*a', 'ba', true],
  ['a*a', 'a', false],
  ['a*b*c', 'abc', true],
  ['a*b*bc', 'abc', false],
  ['*ab*ba*', 'aba', false],
  ['a**b', 'ab', true],
  ['a.c', 'abc', false],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(compileWildcard(pattern)(text)).toBe(expected);
});

it('matches what the expression matches in which * is any text', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (written, subject) => {
      const expression = new RegExp(`^${written.replaceAll('*', '.*')}$`, 's');
      return compileWildcard(written)(subject) === expression.test(subject);
    }),
    { seed: 20_261_129, numRuns: 5_000 },
  );
});

it('500 stars and 32,768 letters take a moment', () => {
  const matches = compileWildcard(`${'*a'.repeat(499)}*ab`);
  expect(bestMs(() => matches('a'.repeat(32_768)))).toBeLessThan(longMs);
});
