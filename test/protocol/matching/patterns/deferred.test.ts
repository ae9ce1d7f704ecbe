import { expect, it } from 'vitest';
import { compiledWhenUsed } from '../../../../src/protocol/matching/patterns/deferred.ts';
import { Matching, maxEventSteps } from '../../../../src/protocol/matching/patterns/matching.ts';

it('is compiled once, when it is used, out of the steps of the event', () => {
  let compiled = 0;
  const matches = compiledWhenUsed('abc', () => {
    compiled++;
    return (subject: string) => subject === 'abc';
  });
  expect(compiled).toBe(0);
  const poor = new Matching(29);
  expect([matches('x', poor), poor.untold, compiled]).toEqual([true, 1, 0]);
  expect([
    matches('x', new Matching(30)),
    matches('abc', new Matching(0)),
    matches('abc'),
    compiled,
  ]).toEqual([false, true, true, 1]);
});

const most = 0.4 * maxEventSteps;

it.each([
  ['a list of names', 'Edit|Write, Read-2', 180],
  ['an expression', 'a+', 200],
  ['choices in braces', '*.{a,b}', 5_600],
  ['properties', '\\p{L}', 4_000],
  ['an expression of 2,000 characters', 'a{9}'.repeat(500), most],
  ['the longest with fewer steps', '.'.repeat(2_000), 200_000],
  ['a list of any length', 'a'.repeat(20_000), 200_000],
  ['names with anything in between, of any length', 'a.*b|'.repeat(401), 200_500],
  ['nothing', '', 0],
])(
  '%s costs its steps, and 0.4 of those of an event at most where it is no list',
  (_, pattern, steps) => {
    const cost = (all: number) => {
      let compiled = false;
      const matching = new Matching(all);
      compiledWhenUsed(pattern, () => {
        compiled = true;
        return () => false;
      })('x', matching);
      return [compiled, matching.untold];
    };
    expect(cost(steps)).toEqual([true, 0]);
    if (steps > 0) expect(cost(steps - 1)).toEqual([false, 1]);
  },
);

it('an empty pattern is compiled even when no steps are left', () => {
  const spent = new Matching(0);
  spent.spend(1);
  expect([compiledWhenUsed('', () => () => false)('x', spent), spent.untold]).toEqual([false, 0]);
});
