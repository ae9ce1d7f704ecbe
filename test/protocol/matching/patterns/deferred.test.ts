import { expect, it } from 'vitest';
import { compiledWhenUsed } from '../../../../src/protocol/matching/patterns/deferred.ts';
import { Matching } from '../../../../src/protocol/matching/patterns/matching.ts';

it('is compiled once, when it is used, out of the steps of the event', () => {
  let compiled = 0;
  const matches = compiledWhenUsed('abc', () => {
    compiled++;
    return (subject: string) => subject === 'abc';
  });
  expect(compiled).toBe(0);
  const poor = new Matching(59);
  expect([matches('x', poor), poor.untold, compiled]).toEqual([true, 1, 0]);
  expect([matches('x', new Matching(60)), matches('abc', new Matching(0)), matches('abc'), compiled]).toEqual([
    false,
    true,
    true,
    1,
  ]);
});
