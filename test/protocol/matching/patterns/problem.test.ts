import { expect, it } from 'vitest';
import {
  compiledOr,
  PatternProblem,
  quotePattern,
} from '../../../../src/protocol/matching/patterns/problem.ts';

it('a problem of the pattern goes to the one who knows what it is for, any other error on', () => {
  const failing = (error: Error) => (): string => {
    throw error;
  };
  expect(compiledOr(() => 'compiled', String)).toBe('compiled');
  expect(
    compiledOr(failing(new PatternProblem('is empty')), (problem) => `It ${problem.message}.`),
  ).toBe('It is empty.');
  expect(() => compiledOr(failing(new TypeError('a bug')), String)).toThrow(TypeError);
});

it('a long pattern is cut in messages', () => {
  expect([quotePattern('a"b'), quotePattern('x'.repeat(101))]).toEqual([
    '"a\\"b"',
    `"${'x'.repeat(100)}…"`,
  ]);
});
