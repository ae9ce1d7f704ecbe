import { expect, it } from 'vitest';
import { Matching, maxEventSteps } from '../../../../src/protocol/matching/patterns/matching.ts';

it('has steps for all patterns together', () => {
  const matching = new Matching(10);
  expect([matching.spend(6), matching.spend(4), matching.spend(1), matching.spend(0)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(new Matching().spend(maxEventSteps)).toBe(true);
});

it('counts what could not be told, which is a match', () => {
  const matching = new Matching();
  expect(matching.untold).toBe(0);
  expect([matching.cannotTell(), matching.cannotTell(), matching.untold]).toEqual([true, true, 2]);
});

it('reads a text once for each way to read it', () => {
  let reads = 0;
  const read = (text: string) => ++reads + text;
  const other = (text: string) => text;
  const matching = new Matching();
  expect(['a', 'a', 'b'].map((text) => matching.once(read, text))).toEqual(['1a', '1a', '2b']);
  expect(matching.once(other, 'a')).toBe('a');
});

it('remembers that a text could not be read', () => {
  let reads = 0;
  const read = (): undefined => void reads++;
  const matching = new Matching();
  expect([matching.once(read, ''), matching.once(read, ''), reads]).toEqual([
    undefined,
    undefined,
    1,
  ]);
});
